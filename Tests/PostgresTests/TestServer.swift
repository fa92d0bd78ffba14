import Postgres
import PurserTesting

/// Sessions with the test server's own database, for tests that leave nothing behind.
enum TestServer {
    static func connect(statementTimeout: Duration = .seconds(20), settings: [String: String] = [:]) throws -> DatabaseConnection {
        try DatabaseConnection(configuration(statementTimeout: statementTimeout, settings: settings))
    }

    static func configuration(statementTimeout: Duration = .seconds(20), settings: [String: String] = [:]) throws -> DatabaseConfiguration {
        DatabaseConfiguration(
            url: try ScratchDatabase.serverURL(), applicationName: "postgres tests", connectTimeout: .seconds(10),
            statementTimeout: statementTimeout, settings: settings)
    }

    static func one(_ value: Int64) -> Parameters {
        var parameters = Parameters()
        parameters.add(int64: value)
        return parameters
    }
}
