import LinuxABI
import Testing

@testable import Terminals

/// Plays the two ends of a pseudoterminal for a discipline.
private final class Ends: LineDriver {
    var shown: [UInt8] = []
    var signals: [Int32] = []
    var waiting: [UInt8] = []
    let discipline = LineDiscipline(.newPseudoterminal)

    var outputRoom: Int { discipline.isStopped ? 0 : 60000 }
    func output(_ bytes: [UInt8]) { shown += bytes }
    func raise(_ signal: Int32) { signals.append(signal) }
    /// What the master has not read stays, as far as it has arrived in its own buffer.
    func discardOutput() { if shown.count > 4095 { shown.removeLast(shown.count - 4095) } }
    func inputDiscarded() {}
    func flowChanged(stopped: Bool) {}
    func inputArrived() {}

    func feed() {
        let taken = discipline.receive(waiting, from: 0, self)
        waiting.removeFirst(taken)
    }
}

private func number(_ text: Substring, _ radix: Int = 10) throws -> Int { try #require(Int(text, radix: radix)) }

/// Hexadecimal, where `x{N}` stands for N times 78.
private func bytes(_ text: Substring) throws -> [UInt8] {
    var result: [UInt8] = []
    var rest = text
    while let first = rest.first {
        if first == "x" {
            let end = try #require(rest.firstIndex(of: "}"))
            result += [UInt8](repeating: 0x78, count: try number(rest[rest.index(rest.startIndex, offsetBy: 2)..<end]))
            rest = rest[rest.index(after: end)...]
        } else {
            result.append(UInt8(try number(rest.prefix(2), 16)))
            rest = rest.dropFirst(2)
        }
    }
    return result
}

private func hex(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
}

@Test(arguments: lineDisciplineCases)
func behavesLikeLinux(_ text: String) throws {
    let ends = Ends()
    let discipline = ends.discipline
    for step in text.split(separator: " ") {
        let value = step.dropFirst(2)
        let parts = value.split(separator: "/", omittingEmptySubsequences: false)
        switch step.first {
        case "t":
            let fields = value.split(separator: ",", omittingEmptySubsequences: false)
            var termios = discipline.termios
            termios.iflag = UInt32(try number(fields[0], 8))
            termios.oflag = UInt32(try number(fields[1], 8))
            termios.lflag = UInt32(try number(fields[2], 8))
            for pair in fields[3].split(separator: "+") {
                let item = pair.split(separator: ":")
                termios.cc[try number(item[0])] = UInt8(try number(item[1]))
            }
            discipline.set(termios, ends)
            ends.feed()
        case "m":
            ends.waiting += try bytes(value)
            ends.feed()
        case "s":
            let data = try bytes(parts[0])
            discipline.flushEcho(ends)
            var output: [UInt8] = []
            let taken = discipline.process(data, from: 0, room: ends.outputRoom, into: &output)
            ends.output(output)
            #expect((taken == 0 ? -1 : taken) == (try number(parts[1])), "\(step)")
        case "r":
            let count = try number(parts[0])
            var result = "!"
            if discipline.hasInput() {
                result = hex(discipline.take(count))
            } else if !discipline.isCanonical, discipline.termios.cc[VMIN] == 0 {
                result = ""
            }
            #expect(result == hex(try parts[1] == "!" ? [] : bytes(parts[1])) || result == String(parts[1]), "\(step)")
            if parts[1] == "!" { #expect(result == "!", "\(step)") }
            ends.feed()
        case "o":
            let shown = hex(ends.shown), expected = hex(try bytes(value))
            #expect(shown == expected, "\(step)")
            ends.shown = []
        case "q":
            #expect(discipline.inputCount == (try number(value)), "\(step)")
        case "x":
            #expect(Set(ends.signals.map { "\($0)" }) == Set(value.split(separator: ",").map(String.init)), "\(step)")
            ends.signals = []
        case "f":
            discipline.discardInput(ends)
            ends.waiting = []
        case "k":
            switch try number(value) {
            case 0: discipline.stop(ends, byCall: true)
            case 1: discipline.start(ends, byCall: true)
            default: ends.output([discipline.termios.cc[value == "2" ? VSTOP : VSTART]])
            }
        default: Issue.record("unknown step \(step)")
        }
    }
}

/// Whatever comes in whatever mode, nothing traps, and the counts agree with what is read.
@Test func survivesAnything() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<40 {
        let ends = Ends()
        let discipline = ends.discipline
        for _ in 0..<60 {
            switch Int.random(in: 0..<8, using: &generator) {
            case 0:
                var termios = discipline.termios
                termios.iflag = .random(in: 0...0o77777)
                termios.oflag = .random(in: 0...0o177777)
                termios.lflag = .random(in: 0...0o777777)
                for index in 0..<NCCS { termios.cc[index] = .random(in: 0...255) }
                discipline.set(termios, ends)
            case 1, 2, 3:
                ends.waiting += (0..<Int.random(in: 0...3000)).map { _ in .random(in: 0...255) }
                ends.feed()
            case 4, 5:
                let promised = discipline.inputCount
                #expect(discipline.take(.random(in: 0...5000)).count <= promised)
                ends.feed()
            case 6:
                var output: [UInt8] = []
                let room = Int.random(in: 0...300)
                _ = discipline.process((0..<200).map { _ in .random(in: 0...255) }, from: 0, room: room, into: &output)
                #expect(output.count <= room)
            default:
                discipline.signal(SIGINT, ends)
                if Bool.random() { discipline.stop(ends, byCall: Bool.random()) } else { discipline.start(ends, byCall: Bool.random()) }
            }
        }
    }
}
