import Testing

@testable import Runtime

@Suite struct ProgramArgumentsTests {
    private func refusal(_ arguments: [String], allowsShard: Bool = true) -> String? {
        do {
            _ = try ProgramArguments(arguments, allowsShard: allowsShard)
            return nil
        } catch {
            return error.reason
        }
    }

    @Test func readsValuesInBothForms() throws {
        let arguments = try ProgramArguments(["--shard", "1/2", "--lanes=3"], allowsShard: true)
        #expect(arguments.settings == [.shard: "1/2", .lanes: "3"])
        #expect(arguments.command == .run)
        #expect(try ProgramArguments(["--print-config"], allowsShard: true).command == .printConfiguration)
        #expect(try ProgramArguments(["-h"], allowsShard: true).command == .help)
        #expect(try ProgramArguments(["--version"], allowsShard: true).command == .version)
    }

    @Test func namesWhatIsWrong() {
        #expect(refusal(["--speed"]) == "unknown argument --speed")
        #expect(refusal(["--lanes"]) == "--lanes needs a value")
        #expect(refusal(["--lanes", "0"]) == "--lanes must be a whole number from 1 to 64")
        #expect(refusal(["--shard", "3/2"])?.hasPrefix("--shard must be i/n") == true)
        #expect(refusal(["--shard", "1/2"], allowsShard: false) == "unknown argument --shard")
        #expect(refusal(["extra"]) == "unknown argument extra")
        #expect(refusal([""]) == "unknown argument ")
    }

    @Test func crashPointsAreNamed() {
        #expect(CrashPoint.Trap("after-commit:3") == CrashPoint.Trap("after-commit:3"))
        #expect(CrashPoint.Trap("received")?.passing == 1)
        #expect(CrashPoint.Trap("nowhere") == nil)
    }

    @Test func aServerHasNoLanes() {
        #expect(throws: ProgramArguments.Refusal(reason: "unknown argument --lanes")) {
            try ProgramArguments(["--lanes", "2"], allowsShard: false, allowsLanes: false)
        }
    }
}
