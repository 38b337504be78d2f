extension Arena {
    /// Of what the kernel image and the monitor say to each other. To be raised by hand when words keep their place and get another
    /// meaning; everything else that changes in this module changes ``layout``.
    @inlinable public static var version: UInt32 { 1 }
    /// A number made of this module's sources (but not of this file): every change of code in it is another layout. A house test
    /// tells the right value, which `CMachine/include/protocol.h` has as well.
    ///
    /// The image says both numbers in a note of its ELF file, which the monitor reads before it starts anything, and compares
    /// them with those in the header page before it believes anything else of it.
    @inlinable public static var layout: UInt64 { 0xb9147d0d67b1707d }

    /// Owner of the note in the image's ELF file, NUL included, padded to a multiple of 4.
    @inlinable public static var noteOwner: StaticString { "Martlet\0" }
    /// Its type. Contents: u32 ``version``, u32 0, u64 ``layout``.
    @inlinable public static var noteType: UInt32 { 1 }
    @inlinable public static var noteSize: Int { 16 }
}
