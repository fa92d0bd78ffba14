import CLibcrypto

/// Bytes nobody can guess, from OpenSSL's generator, which the kernel seeds.
public enum SecureRandom {
    /// - Precondition: `count` is not negative. Ends the process when the generator has no seed: going on would make guessable secrets.
    public static func bytes(_ count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            guard count == 0 || RAND_bytes(buffer.baseAddress, Int32(count)) == 1 else { fatalError("no secure random numbers") }
            filled = count
        }
    }
}
