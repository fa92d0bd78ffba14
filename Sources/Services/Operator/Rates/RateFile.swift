import Domain
import Messages
import Runtime

/// A file of rates, such as `ops/demo-rates.json`.
enum RateFile {
    struct Rate {
        let request: MeterRateSet
        let data: JSONValue
    }

    /// - Throws: `noInput`, or `data` naming the entry and the field.
    static func read(_ path: String) throws(CommandFailure) -> [Rate] {
        let bytes = try InputFile.read(path, limit: 16 << 20)
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONReader.read(bytes)
        } catch {
            throw CommandFailure(.data, "\(path) is not JSON: \(error.detail)")
        }
        guard let elements = value.elements, !elements.isEmpty else {
            throw CommandFailure(.data, "\(path) holds no array of rates")
        }
        var rates: [Rate] = []
        var services: Set<ExactText> = []
        for (index, element) in elements.enumerated() {
            do throws(InvalidRequest) {
                let request = try MeterRateSet(data: element, document: bytes)
                rates.append(Rate(request: request, data: element))
                let key = ExactText("\(request.service)\u{0}\(request.effectiveFrom ?? 0)")
                guard services.insert(key).inserted else {
                    throw InvalidRequest(field: "service", detail: "service stands twice in the file")
                }
            } catch {
                throw CommandFailure(.data, "\(path), entry \(index + 1): \(error.detail)")
            }
        }
        return rates
    }
}
