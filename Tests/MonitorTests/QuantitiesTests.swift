import Testing

@testable import Monitor

struct QuantitiesTests {
    @Test(arguments: [
        ("0", 0), ("1", 1), ("512", 512), ("1k", 1024), ("1K", 1024), ("1KiB", 1024), ("512M", 512 << 20), ("2G", 2 << 30), ("1.5G", 3 << 29),
        ("1T", 1 << 40), ("10B", 10), ("0.5k", 512),
    ] as [(String, UInt64)])
    func sizes(_ text: String, _ bytes: UInt64) { #expect(Quantities.size(text) == bytes) }

    @Test(arguments: ["", "k", "-1", "1x", "1.", ".5", "1.2.3", " 1", "1 M", "99999999999999999999", "99999999999T", "0x10", "1e3", "+1"])
    func badSizes(_ text: String) { #expect(Quantities.size(text) == nil) }

    @Test(arguments: [
        ("30", 30_000_000_000), ("1.5s", 1_500_000_000), ("500ms", 500_000_000), ("2m", 120_000_000_000), ("1h", 3_600_000_000_000),
        ("1d", 86_400_000_000_000), ("0.001", 1_000_000), ("7us", 7_000),
    ] as [(String, UInt64)])
    func durations(_ text: String, _ nanoseconds: UInt64) { #expect(Quantities.duration(text) == nanoseconds) }

    @Test(arguments: ["", "s", "1w", "-5", "1h30m", "999999999999d"])
    func badDurations(_ text: String) { #expect(Quantities.duration(text) == nil) }

    @Test func showsSeconds() {
        #expect(Run.seconds(200_000_000) == "0.2 s")
        #expect(Run.seconds(30_000_000_000) == "30 s")
        #expect(Run.seconds(1_050_000_000) == "1.05 s")
    }
}

struct MountOptionTests {
    @Test func parses() throws {
        #expect(try MountOption(parsing: "/a:/b") == MountOption(source: "/a", destination: "/b", mode: .readOnly))
        #expect(try MountOption(parsing: ".:/work/:rw") == MountOption(source: ".", destination: "/work", mode: .readWrite))
        #expect(try MountOption(parsing: "a\\:b:/c//d/./e:cow") == MountOption(source: "a:b", destination: "/c/d/e", mode: .copyOnWrite))
        #expect(try MountOption(parsing: "a\\b:/c") == MountOption(source: "a\\b", destination: "/c", mode: .readOnly))
    }

    @Test(arguments: ["", "/a", ":/b", "/a:", "/a:b", "/a:/b:rx", "/a:/b:rw:", "/a:/b/../c", "/a:/b\\"])
    func refuses(_ text: String) { #expect(throws: UsageError.self) { try MountOption(parsing: text) } }

    @Test func normalizesPaths() {
        #expect(GuestPath.normalize("/") == "/")
        #expect(GuestPath.normalize("//a///b/") == "/a/b")
        #expect(GuestPath.normalize("a") == nil)
        #expect(GuestPath.normalize("/a\0b") == nil)
        #expect(GuestPath.normalize("") == nil)
    }
}
