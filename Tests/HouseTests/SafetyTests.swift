import Testing

/// Where unsafe code may be, and what kernel code must not contain.
struct SafetyTests {
    /// Unsafe Swift is in the foundation module only. C functions without pointers are not flagged by strict memory safety, so the
    /// C import itself is confined as well.
    @Test(arguments: [#"\bunsafe\b"#, "@_silgen_name", #"@unchecked\b"#, "import CMachine", "import CHost", "@_extern", "unsafeBitCast", #"\bUnsafe[A-Z]"#])
    func noUnsafeCode(pattern: String) throws {
        #expect(try Package.matches(Package.safeKernel, pattern) == [])
    }

    /// A trap in the kernel is the end of a sandbox.
    @Test(arguments: [#"\bfatalError\b"#, #"\btry!"#, #"\bprecondition(Failure)?\b"#, #"\bassert(ionFailure)?\("#, #"\bas!"#])
    func noDeliberateTraps(pattern: String) throws {
        #expect(try Package.matches(Package.safeKernel, pattern) == [])
    }

    /// Force unwraps in safe kernel code. The number may go down, never up: then change it here.
    @Test func forceUnwraps() throws {
        let found = try Package.matches(Package.safeKernel, #"[A-Za-z0-9_\)\]\}]!(?!=)"#)
        #expect(found.count <= 1, "\(found)")
    }

    /// Their growth computes in x87 registers, which belong to the guest; and Double would be soft-float at best.
    @Test(arguments: [#"\bDictionary\b"#, #"\bSet<"#, #"\bDouble\b"#, #"\bFloat\b"#, #"\[[A-Za-z0-9_.]+ *: *[A-Za-z0-9_.?\[\]]+\]\("#])
    func noFloatingPoint(pattern: String) throws {
        #expect(try Package.matches(Package.safeKernel + Package.swift.filter { $0.module == "Machine" }, pattern) == [])
    }

    /// Embedded Swift has none of these, or they bring in tables and locks of the runtime's.
    @Test(arguments: [#"\bweak (var|let)\b"#, #"\bunowned\b"#, #"\bAny\b(?!Object)"#, #"\blazy var\b"#, #"\basync\b"#, #"\bawait\b"#, #"\bactor\b"#])
    func nothingOfTheRuntime(pattern: String) throws {
        #expect(try Package.matches(Package.safeKernel, pattern) == [])
    }

    /// What comes from a sandbox must not be able to end the monitor.
    @Test func monitorDoesNotTrapDeliberately() throws {
        let host = Package.swift.filter { Package.hostModules.contains($0.module) }
        #expect(try Package.matches(host, #"\bfatalError\b|\btry!|\bas!"#) == [])
    }

    /// A note that something is unfinished is an issue, not a comment.
    @Test func noUnfinishedNotes() {
        let all = Package.files(in: "Sources", [".swift", ".c", ".h", ".S"])
        var found: [String] = []
        for source in all {
            for (number, line) in source.lines.enumerated() where line.contains("FIXME") || line.contains("XXX:") || line.contains("HACK") {
                found.append("\(source.path):\(number + 1)")
            }
        }
        #expect(found == [])
    }
}
