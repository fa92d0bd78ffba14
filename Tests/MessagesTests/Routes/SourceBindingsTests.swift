import Testing

@testable import Messages

@Suite struct SourceBindingsTests {
    private func read(_ text: String) throws(SourceBindings.Problem) -> SourceBindings { try SourceBindings(json: Array(text.utf8)) }

    @Test func aBoundSourceNeedsOneOfItsUsers() throws {
        let bindings = try read(#"{"sources":[{"source":"/crm","users":["crm-1","crm-2"]},{"source":"/caf\u00e9","users":["cafe"]}]}"#)
        var asked = SourceGuard(bindings)
        // Asked twice each, because the second time the guard answers from memory.
        for (source, user, isAllowed) in [
            ("/crm", "crm-1", true), ("/crm", "crm-2", true), ("/crm", "other", false), ("/crm", nil, false), ("/crm/", nil, true),
            ("/free", nil, true), ("/free", "crm-1", true), ("/caf\u{e9}", nil, false), ("/cafe\u{301}", nil, true),
        ] as [(String, String?, Bool)] {
            for _ in 1...2 {
                let answer = asked.allows(source, user: user)
                #expect(answer == isAllowed, "\(source) of \(user ?? "nobody")")
            }
        }
        #expect(SourceBindings.none.allows("/crm", user: nil))
    }

    @Test func aLineMoreAddsUsers() throws {
        let bindings = try read(#"{"sources":[{"source":"/a","users":["x"]},{"source":"/a","users":["y"],"note":1}]}"#)
        #expect(bindings == SourceBindings(["/a": ["x", "y"]]))
    }

    @Test(
        "a file that says something else is not half believed",
        arguments: [
            ("", "is not JSON"), ("{}", "sources: "), (#"{"sources":{}}"#, "sources: "), (#"{"sources":[{}]}"#, "sources[0].source: "),
            (#"{"sources":[{"source":"/a"}]}"#, "sources[0].users: "), (#"{"sources":[{"source":"/a","users":[]}]}"#, "sources[0].users: "),
            (#"{"sources":[{"source":"/a","users":["x",1]}]}"#, "sources[0].users: "),
        ])
    func badFiles(_ text: String, _ start: String) {
        let problem = #expect(throws: SourceBindings.Problem.self) { () throws in _ = try read(text) }
        #expect(problem?.reason.hasPrefix(start) == true)
    }
}
