import Domain
import Testing

@Suite("Payment methods (domain.md 8)")
struct PaymentMethodTests {
    private static let now = CivilDate(year: 2026, month: 11, day: 25).start

    private func method(
        _ id: String, of organization: String = "org-1", expiry: Month? = nil, isDefault: Bool = false, isUsable: Bool = true,
        isRemoved: Bool = false
    ) -> PaymentMethod {
        PaymentMethod(
            id: id, organization: organization, gateway: .stripe, reference: "pm_\(id)", expiry: expiry, isDefault: isDefault,
            isUsable: isUsable, isRemoved: isRemoved)
    }

    private func choice(_ name: String?, _ methods: [PaymentMethod]) throws(PaymentMethodRefusal) -> String {
        try PaymentMethodChoice.of(name, among: methods, organization: "org-1", at: PaymentMethodTests.now).id
    }

    @Test("the one that is named, or the default")
    func choices() throws {
        let methods = [method("a"), method("b", isDefault: true), method("c", of: "org-2", isDefault: true)]
        #expect(try choice(nil, methods) == "b" && choice("a", methods) == "a")
        #expect(throws: PaymentMethodRefusal.missing) { try choice(nil, [method("a")]) }
        #expect(throws: PaymentMethodRefusal.missing) { try choice(nil, []) }
    }

    @Test("another organization's, a removed one and nobody's are unknown alike")
    func unknown() {
        for methods in [[], [method("a", of: "org-2")], [method("a", isRemoved: true)], [method("a", of: "ORG-1")]] {
            #expect(throws: PaymentMethodRefusal.unknown) { try choice("a", methods) }
        }
    }

    @Test("a retired one and an expired one are refused; a card is good until its month is over")
    func unusable() throws {
        #expect(throws: PaymentMethodRefusal.unusable) { try choice("a", [method("a", isUsable: false)]) }
        let month = Month(of: PaymentMethodTests.now)
        #expect(try choice("a", [method("a", expiry: month)]) == "a")
        let last = method("a", expiry: month)
        #expect(!last.hasExpired(at: Moment(microseconds: month.next.start.microseconds - 1)) && last.hasExpired(at: month.next.start))
        #expect(throws: PaymentMethodRefusal.expired) { try choice("a", [method("a", expiry: Month(index: month.index - 1))]) }
    }
}
