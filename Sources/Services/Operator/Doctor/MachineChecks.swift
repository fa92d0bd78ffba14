import Glibc
import Runtime

/// What can be told without any server.
enum MachineChecks {
    static func run(_ session: Session) -> [Finding] {
        [configuration(session), files(session), secrecy(session), descriptors(), gateways(session)] + encryption(session)
    }

    private static func configuration(_ session: Session) -> Finding {
        do throws(CommandFailure) {
            _ = try session.configuration(requiring: [.amqpURL, .databaseURL])
            return .fine("configuration", "every variable can be read")
        } catch {
            return .problem("configuration", error.message, mend: error.hint)
        }
    }

    private static func files(_ session: Session) -> Finding {
        do throws(CommandFailure) {
            return .fine("files", "topology and migrations lie in \(try ShareFolder.located(environment: session.environment))")
        } catch {
            return .problem("files", error.message, mend: error.hint)
        }
    }

    /// A file with passwords is nobody else's business.
    private static func secrecy(_ session: Session) -> Finding {
        guard let path = session.environment["PURSER_CONFIG"], !path.isEmpty else {
            return .fine("secrets", "the configuration comes from the environment")
        }
        var status = stat()
        guard stat(path, &status) == 0 else { return .problem("secrets", "the file of PURSER_CONFIG does not exist", mend: nil) }
        guard status.st_mode & 0o007 == 0 else {
            return .warning("secrets", "everybody on this machine may read the file of PURSER_CONFIG", mend: "chmod o= \(path)")
        }
        return .fine("secrets", "the file of PURSER_CONFIG is closed to others")
    }

    private static func descriptors() -> Finding {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard limit.rlim_cur >= 1024 else {
            return .warning("file descriptors", "only \(limit.rlim_cur) may be open", mend: "ulimit -n 1024, or LimitNOFILE in the unit")
        }
        return .fine("file descriptors", "\(limit.rlim_cur) may be open")
    }

    /// Only a hint: billing may have keys that are not the operator's to know.
    private static func gateways(_ session: Session) -> Finding {
        let keys: [(setting: Setting, name: String)] = [(.stripeSecretKey, "Stripe"), (.paystackSecretKey, "Paystack")]
        guard let configuration = try? session.configuration() else {
            return .fine("payments", "not looked at: the configuration cannot be read")
        }
        let names = keys.filter { configuration.text($0.setting) != nil }.map(\.name)
        guard names.isEmpty else { return .fine("payments", "there are keys for \(names.joined(separator: " and "))") }
        return .warning(
            "payments", "there is no key for any gateway here: if billing has none either, nothing can be sold",
            mend: "give purser-billing STRIPE_SECRET_KEY or PAYSTACK_SECRET_KEY; purser-paysim takes any sk_test_ key")
    }

    /// Passwords and balances cross a network only encrypted.
    private static func encryption(_ session: Session) -> [Finding] {
        var findings: [Finding] = []
        for name in ["AMQP_URL", "AMQP_ADMIN_URL", "DATABASE_URL"] {
            guard let url = session.environment[name], let start = url.firstRange(of: "://") else { continue }
            let authority = url[start.upperBound...].prefix { $0 != "/" && $0 != "?" }
            let host = authority.split(separator: "@").last ?? ""
            let isLocal = ["localhost", "127.", "[::1]", "%2F", "/"].contains { host.hasPrefix($0) } || host.isEmpty
            let isEncrypted = url.hasPrefix("amqps") || url.hasPrefix("https") || url.contains("sslmode=verify-full")
            if isLocal || isEncrypted { continue }
            let mend =
                name == "DATABASE_URL"
                ? "add sslmode=verify-full to it" : "use \(name == "AMQP_URL" ? "amqps" : "https"):// and port for TLS"
            findings.append(.warning("encryption", "\(name) names another machine and is not encrypted and verified", mend: mend))
        }
        return findings
    }
}
