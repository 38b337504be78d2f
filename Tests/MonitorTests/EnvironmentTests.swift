import Testing

@testable import Monitor

struct EnvironmentTests {
    @Test func fileLines() throws {
        var builder = EnvironmentBuilder()
        let text = "# comment\n\nA=1\n  B=two words # kept\nC=\nD=a=b\nE\nF\nA=2\r\n"
        try builder.apply(file: text, named: "x.env", caller: ["E": "from caller"])
        #expect(builder.strings == ["A=2", "B=two words # kept", "C=", "D=a=b", "E=from caller"])
    }

    @Test(arguments: ["=x", "A B=1", "ok=1\nbad name=2", "A\0=1"])
    func badFiles(_ text: String) {
        var builder = EnvironmentBuilder()
        #expect(throws: UsageError.self) { try builder.apply(file: text, named: "x.env", caller: [:]) }
    }

    @Test func optionsOverrideInPlace() throws {
        var builder = EnvironmentBuilder()
        builder.set("PATH", "/bin")
        builder.set("HOME", "/")
        try builder.apply(option: "PATH=/usr/bin", caller: [:])
        try builder.apply(option: "MISSING", caller: [:])
        #expect(builder.strings == ["PATH=/usr/bin", "HOME=/"])
        #expect(throws: UsageError.self) { try builder.apply(option: "=1", caller: [:]) }
        #expect(throws: UsageError.self) { try builder.apply(option: "", caller: [:]) }
    }

    @Test func cleanByDefault() throws {
        let identity = UserIdentity(user: 1000, group: 1000, supplementary: [], name: "me", home: "/home/me")
        let caller = ["SECRET=1", "HOME=/h", "TERM=vt100", "PATH=/evil"]
        let options = RunOptions(command: ["true"])
        let plain = try Sandbox.environment(options, caller: caller, identity: identity, usesTerminal: false)
        #expect(plain == [
            "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/h", "USER=me", "LOGNAME=me", "LANG=C.UTF-8",
        ])
        #expect(try Sandbox.environment(options, caller: caller, identity: identity, usesTerminal: true).contains("TERM=vt100"))
        var inheriting = options
        inheriting.inheritsEnvironment = true
        inheriting.environment = ["X=1"]
        #expect(try Sandbox.environment(inheriting, caller: caller, identity: identity, usesTerminal: false) == caller + ["X=1"])
        var elsewhere = options
        elsewhere.root = "/other"
        #expect(try Sandbox.environment(elsewhere, caller: caller, identity: identity, usesTerminal: false).contains("HOME=/home/me"))
    }
}

struct UserTests {
    let database = UserDatabase(
        passwd: "root:x:0:0:root:/root:/bin/sh\nme:x:1000:1001:Me:/home/me:/bin/bash\nbroken\nx:x:notanumber:0::/:\n",
        group: "root:x:0:\nme:x:1001:\nwheel:x:10:root,me\naudio:x:29:me\n")

    @Test func byName() throws {
        let me = try UserIdentity(parsing: "me", database: database)
        #expect(me == UserIdentity(user: 1000, group: 1001, supplementary: [1001, 10, 29], name: "me", home: "/home/me"))
        #expect(try UserIdentity(parsing: "me:wheel", database: database).supplementary == [10])
    }

    @Test func byNumber() throws {
        #expect(try UserIdentity(parsing: "1000", database: database).home == "/home/me")
        #expect(try UserIdentity(parsing: "77:88", database: database) == UserIdentity(user: 77, group: 88, supplementary: [88]))
    }

    @Test(arguments: ["", ":", "nobodyknows", "me:nogroup", "4294967296", "me:"])
    func unknown(_ text: String) { #expect(throws: UsageError.self) { try UserIdentity(parsing: text, database: database) } }
}
