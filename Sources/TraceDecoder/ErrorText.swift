// Apart from the other files: the C library has its own constants of the names that LinuxABI has.

import Glibc

enum ErrorText {
    /// What an errno means, strerror(3).
    static func of(_ error: Int32) -> String { String(cString: strerror(error)) }
}
