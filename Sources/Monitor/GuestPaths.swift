import CHost
import Glibc
import HostBase

/// Where the guest finds the host's files.
enum GuestPaths {
    /// The guest's path of the file behind one of our descriptors.
    /// - Returns: nil if it has no name, or none that a share shows to the guest.
    static func path(ofDescriptor descriptor: Int32, _ options: RunOptions) -> String? {
        guard let host = link("/proc/self/fd/\(descriptor)"), host.hasPrefix("/") else { return nil }
        // A deleted file's name, or one that leads elsewhere by now.
        var named = chost_attributes(), own = chost_attributes()
        guard chost_stat(AT_FDCWD, HostText.path(host), &named) == 0, chost_stat(descriptor, "", &own) == 0, named.device == own.device, named.inode == own.inode
        else { return nil }
        return path(of: host, shares: [(options.root, "/")] + options.mounts.map { ($0.source, $0.destination) })
    }

    /// - Parameters:
    ///   - host: absolute, without symbolic links.
    ///   - shares: source on the host and destination in the guest; later ones cover earlier ones.
    static func path(of host: String, shares: [(source: String, destination: String)]) -> String? {
        // What the kernel mounts itself covers everything.
        let own = ["/proc", "/sys", "/dev"]
        for index in shares.indices.reversed() {
            guard let source = real(shares[index].source), let rest = remainder(of: host, below: source) else { continue }
            let destination = shares[index].destination
            let path = rest.isEmpty ? destination : (destination == "/" ? "" : destination) + rest
            let covers = shares[(index + 1)...].map(\.destination) + (index == 0 ? own : [])
            if !covers.contains(where: { remainder(of: path, below: $0) != nil }) { return path }
        }
        return nil
    }

    /// What follows a directory's path; nil for what is not in it.
    private static func remainder(of path: String, below directory: String) -> String? {
        if directory == "/" { return path == "/" ? "" : path }
        if path == directory { return "" }
        return path.hasPrefix(directory + "/") ? String(path.dropFirst(directory.count)) : nil
    }

    private static func real(_ path: String) -> String? {
        guard let result = realpath(HostText.path(path), nil) else { return nil }
        defer { free(result) }
        return HostText.string(result)
    }

    private static func link(_ path: String) -> String? {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink(HostText.path(path), &buffer, buffer.count)
        guard length > 0, length < buffer.count else { return nil }
        return HostText.string(buffer[..<length].map { UInt8(bitPattern: $0) })
    }
}
