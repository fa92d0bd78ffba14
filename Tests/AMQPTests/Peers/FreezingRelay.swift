import Glibc

@testable import AMQP

/// Passes bytes between a client and the real broker until it is told to freeze: both connections then stay open and nothing moves, as when
/// a firewall drops packets.
// Unchecked: its fields are set before the thread starts; the pipe is what the threads share.
final class FreezingRelay: @unchecked Sendable {
    private let listener = Listener()
    private let broker: BrokerConfiguration
    private var freezePipe: [Int32] = [0, 0]

    init(to broker: BrokerConfiguration) {
        self.broker = broker
        pipe(&freezePipe)
        var thread = pthread_t()
        pthread_create(&thread, nil, runRelay, Unmanaged.passRetained(self).toOpaque())
        pthread_detach(thread)
    }

    /// A configuration that leads to the broker through this relay.
    var configuration: BrokerConfiguration {
        var configuration = broker
        configuration.host = "127.0.0.1"
        configuration.port = listener.port
        return configuration
    }

    /// Stops the passing of bytes.
    func freeze() { _ = write(freezePipe[1], [1], 1) }

    /// Ends the relay.
    func end() { close(freezePipe[1]) }

    fileprivate func run() {
        let client = accept(listener.descriptor, nil, nil)
        guard let server = try? Socket.connect(to: broker.host, port: broker.port, until: Deadline(after: .seconds(10))) else { return }
        var entries = [client, server.descriptor, freezePipe[0]].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while poll(&entries, 3, -1) > 0, entries[2].revents == 0 {
            for (source, target) in [(0, server.descriptor), (1, client)] where entries[source].revents != 0 {
                let count = read(entries[source].fd, &buffer, buffer.count)
                guard count > 0 else { return finish(client) }
                _ = send(target, buffer, count, Int32(MSG_NOSIGNAL))
            }
        }
        // Frozen: the second byte never comes, the end of the pipe does.
        _ = read(freezePipe[0], &buffer, 1)
        _ = read(freezePipe[0], &buffer, 1)
        finish(client)
    }

    private func finish(_ client: Int32) {
        close(client)
        close(listener.descriptor)
        close(freezePipe[0])
    }
}

/// Entry of the relay's thread.
private func runRelay(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    Unmanaged<FreezingRelay>.fromOpaque(argument).takeRetainedValue().run()
    return nil
}
