import CHost
import HostBase

/// The words of the command line.
public enum Arguments {
    /// Those after the program's name. Unlike `CommandLine.arguments` this does not depend on /proc.
    public static func ofProgram() -> [String] {
        let count = Int(chost_argument_count())
        guard count > 1 else { return [] }
        return (1..<count).compactMap { chost_argument(Int32($0)).map { HostText.string($0) } }
    }
}
