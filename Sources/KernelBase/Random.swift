import Machine
/// stub
public enum KernelRandom { public static func bytes(_ n: Int) -> Bytes { Bytes(repeating: 7, count: n) }
 public static func seed(_ b: Bytes) {} }
