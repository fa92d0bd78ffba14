import CLibmicrohttpd

/// Hands answers to libmicrohttpd.
enum ResponseWriter {
    static func queue(_ response: ServerResponse, on connection: OpaquePointer?) -> MHD_Result {
        guard let made = make(response) else { return purser_mhd_no }
        // The connection holds a reference of its own from here on.
        defer { MHD_destroy_response(made) }
        for header in response.headers {
            // Refused are line breaks and empty names: an answer without a field it should have is no answer.
            guard MHD_add_response_header(made, header.name, header.value) == purser_mhd_yes else { return purser_mhd_no }
        }
        return MHD_queue_response(connection, UInt32(response.status), made)
    }

    private static func make(_ response: ServerResponse) -> OpaquePointer? {
        switch response.delivery {
        case .whole:
            // libmicrohttpd copies the bytes, and writes to none of them.
            return response.body.withUnsafeBytes {
                MHD_create_response_from_buffer($0.count, UnsafeMutableRawPointer(mutating: $0.baseAddress), purser_mhd_copy)
            }
        case .cut(let bytes):
            // Freed by `freeCutBody` when the response is destroyed.
            let cut = Unmanaged.passRetained(CutBody(response.body, after: bytes)).toOpaque()
            let size = UInt64(max(response.body.count, bytes + 1))
            guard let made = MHD_create_response_from_callback(size, 4096, readCutBody, cut, freeCutBody) else {
                Unmanaged<CutBody>.fromOpaque(cut).release()
                return nil
            }
            return made
        case .nothing: return nil
        }
    }
}

/// The beginning of a body whose rest is never sent.
final class CutBody {
    let bytes: [UInt8]

    init(_ body: [UInt8], after count: Int) {
        bytes = Array(body.prefix(max(0, count)))
    }
}

/// libmicrohttpd's content reader: the next bytes, then the sign that closes the connection.
func readCutBody(_ context: UnsafeMutableRawPointer?, _ position: UInt64, _ output: UnsafeMutablePointer<CChar>?, _ room: Int) -> Int {
    // MHD_CONTENT_READER_END_WITH_ERROR, a macro with a cast that Swift does not see.
    let endWithError = -2
    guard let context, let output else { return endWithError }
    let cut = Unmanaged<CutBody>.fromOpaque(context).takeUnretainedValue()
    let rest = cut.bytes.dropFirst(Int(position)).prefix(room)
    guard !rest.isEmpty else { return endWithError }
    for (place, byte) in rest.enumerated() { output[place] = CChar(bitPattern: byte) }
    return rest.count
}

func freeCutBody(_ context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    Unmanaged<CutBody>.fromOpaque(context).release()
}
