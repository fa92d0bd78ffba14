extension Purchase {
    /// Whether the gateway's object says paid with our amount, currency and reference: only then are tokens credited (`domain.md` 7.5).
    public func isPaid(by payment: GatewayPayment) -> Bool {
        payment.isPaid && payment.amount == total && payment.reference == reference.text
    }

    /// The gateway says that the customer was charged: by its answer, by a webhook, or when asked; in any order, and as often as it likes.
    ///
    /// It completes the purchase while that is `processing` and nothing of its scope completed since; else it is given back
    /// (`domain.md` 7.8).
    public mutating func succeeded(_ payment: GatewayPayment, _ circumstances: PurchaseCircumstances) -> [PurchaseAction] {
        if state.transaction == payment.transaction || state.returnedCharges.contains(payment.transaction) { return [] }
        guard isPaid(by: payment) else { return mismatched(payment) }
        guard state.status == .processing else {
            // No attempt was made, so whoever names a pending purchase was not charged by us.
            if state.status == .pending { return mismatched(payment) }
            return givenBack(payment, state.status.wasCompleted ? .paidTwice : state.status == .cancelled ? .cancelled : .failed)
        }
        if state.isCancelWished {
            become(.cancelled)
            return givenBack(payment, .cancelled) + [.cancel]
        }
        if circumstances.hasSuccessor {
            let reason = AutomaticRefund.superseded
            become(.failed, reason: reason.rawValue)
            return givenBack(payment, reason) + [.fail(reason: reason.rawValue)]
        }
        become(.completed)
        state.failure = nil
        state.closing = nil
        state.transaction = payment.transaction
        state.completedAt = circumstances.moment
        return [.complete(payment)]
    }

    private mutating func givenBack(_ payment: GatewayPayment, _ reason: AutomaticRefund) -> [PurchaseAction] {
        state.returnedCharges.append(payment.transaction)
        return [.refundCharge(payment, reason: reason)]
    }

    /// What does not match is neither credited nor given back by itself.
    private mutating func mismatched(_ payment: GatewayPayment) -> [PurchaseAction] {
        guard state.status == .processing else { return [.alertOperator(.paymentMismatch(payment))] }
        // Told once: the same webhook comes ten times.
        let reason = "payment_mismatch"
        if state.phase == .parked, state.failure == reason { return [] }
        state.failure = reason
        return parked(.paymentMismatch(payment))
    }
}
