import LinuxABI
import Machine
import MonitorProtocol

/// Calls that are not implemented: answered ENOSYS, and counted for `--log` and the reports.
public enum Unimplemented {
    public static func count(_ number: UInt) {
        guard number < UInt(Statistics.unimplementedCount) else { return }
        SharedArea.add32(1, Statistics.unimplemented &+ Int(number) &* 4)
    }
}
