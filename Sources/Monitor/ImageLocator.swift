import Glibc
import HostBase

/// Finds the kernel image.
public enum ImageLocator {
    /// Where the image may be, best first, and the directory of the executable that this was derived from.
    static func candidates(environment: String?, executable: String) -> [String] {
        if let environment, !environment.isEmpty { return [environment] }
        let directory = parent(executable)
        var paths = [below(directory, "martlet-kernel"), below(parent(directory), "libexec/martlet/martlet-kernel")]
        // In development the executable is PACKAGE/.build/TRIPLE/CONFIGURATION/martlet.
        var ancestor = directory
        for _ in 0..<4 {
            ancestor = parent(ancestor)
            paths.append(below(ancestor, ".build-image/release/MartletKernel"))
        }
        return paths
    }

    private static func below(_ directory: String, _ name: String) -> String { (directory == "/" ? "" : directory) + "/" + name }

    private static func parent(_ path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")), slash != path.utf8.startIndex else { return "/" }
        return String(path[..<slash])
    }

    /// The path of this executable.
    public static func executablePath() -> String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { readlink("/proc/self/exe", $0.baseAddress!.assumingMemoryBound(to: CChar.self), $0.count) }
        return count > 0 ? HostText.string(Array(buffer[..<count])) : "/"
    }

    /// Opens the image, if it speaks our protocol.
    /// - Throws: ``RunFailure`` telling where it was looked for, or what is wrong with it.
    public static func open() throws -> (path: String, descriptor: Int32) {
        let environment = getenv("MARTLET_IMAGE").map { HostText.string($0) }
        let paths = candidates(environment: environment, executable: executablePath())
        for path in paths {
            let descriptor = Glibc.open(HostText.path(path), O_RDONLY | O_CLOEXEC)
            if descriptor >= 0 {
                if let fault = ImageVersion(of: descriptor).fault {
                    close(descriptor)
                    throw RunFailure("the kernel image \(path) \(fault)")
                }
                return (path, descriptor)
            }
            if errno != ENOENT && errno != ENOTDIR { throw RunFailure("cannot open the kernel image \(path): \(HostError.last.text)") }
        }
        if environment != nil { throw RunFailure("there is no kernel image at \(paths[0]) (from MARTLET_IMAGE)") }
        throw RunFailure("cannot find the kernel image; looked for \(paths[0]) and \(paths[1]) (MARTLET_IMAGE names another place)")
    }
}
