import LinuxABI
import Machine
import MonitorProtocol
import Testing

@testable import FileSystems

// The memory shared with the monitor is one for the process, so tests that use it run one after the other.
extension HostTests {
    @Suite struct MonitorLinkTests {
        @Test func encodesARequest() throws {
            let link = MonitorLink(processors: 1)
            var seen: [UInt64] = []
            link.responder = { slot in
                let header = Slot.header(slot)
                seen.append(UInt64(SharedArea.load32(header + SlotHeader.state)))
                seen.append(UInt64(SharedArea.load32(header + SlotHeader.operation)))
                seen.append(UInt64(SharedArea.load32(header + SlotHeader.handle)))
                for index in 0..<3 { seen.append(UInt64(SharedArea.load32(header + SlotHeader.lengths + 4 * index))) }
                for index in 0..<6 { seen.append(SharedArea.load64(header + SlotHeader.arguments + 8 * index)) }
                #expect(SharedArea.bytes(Slot.data(slot), 9) == Array("abcdefghi".utf8))
                SharedArea.store(Array("answer".utf8).span, Slot.data(slot))
                SharedArea.store32(6, header + SlotHeader.resultLength)
                SharedArea.store64(77, header + SlotHeader.result)
                SharedArea.store32(SlotState.done, header + SlotHeader.state)
            }
            let answer = try link.call(.setExtendedAttribute, 5, Array("ab".utf8), Array("cde".utf8), Array("fghi".utf8), 1, 2, 3, .max)
            #expect(seen == [UInt64(SlotState.submitted), 34, 5, 2, 3, 4, 1, 2, 3, .max, 0, 0])
            #expect(answer.result == 77 && answer.handle == 77)
            #expect(answer.data == Array("answer".utf8))
            #expect(SharedArea.load32(Slot.header(0) + SlotHeader.state) == SlotState.free)
            #expect(link.requests == 1)
        }

        @Test(arguments: [(-2, 2), (-511, 511), (-512, 5), (.min, 5)] as [(Int64, Int32)])
        func passesErrors(_ result: Int64, _ number: Int32) {
            let link = MonitorLink(processors: 1)
            link.responder = { slot in SharedArea.store64(UInt64(bitPattern: result), Slot.header(slot) + SlotHeader.result) }
            #expect(throws: Errno(number)) { try link.call(.forget, 3) }
        }

        @Test func refusesWhatDoesNotFit() {
            let link = MonitorLink(processors: 1)
            link.responder = { _ in Issue.record("sent") }
            #expect(throws: Errno.E2BIG) { try link.call(.setExtendedAttribute, 1, [65], [65], [UInt8](repeating: 0, count: 0xffff)) }
        }

        @Test func distrustsLengths() {
            let link = MonitorLink(processors: 1)
            link.responder = { slot in
                SharedArea.store64(0, Slot.header(slot) + SlotHeader.result)
                SharedArea.store32(0x1_0001, Slot.header(slot) + SlotHeader.resultLength)
            }
            #expect(throws: Errno.EIO) { try link.call(.list, 1) }
        }

        @Test func sortsDescriptorsBySlot() throws {
            let link = MonitorLink(processors: 1)
            let outer = link
            // The first request is answered after a second one, whose descriptor comes behind.
            link.responder = { slot in
                SharedArea.store64(0, Slot.header(slot) + SlotHeader.result)
                SharedArea.store32(0, Slot.header(slot) + SlotHeader.resultLength)
                guard slot == 0 else { return outer.passed.append((UInt32(slot), 1000 + Int32(slot))) }
                outer.passed.append((0, 1000))
                let inner = try? outer.call(.open, 1, passes: true)
                #expect(inner?.descriptor == 1001)
                SharedArea.store64(0, Slot.header(0) + SlotHeader.result)
            }
            #expect(try link.call(.open, 1, passes: true).descriptor == 1000)
            #expect(link.passed.isEmpty)
        }

        @Test func missingDescriptorIsENFILE() {
            let link = MonitorLink(processors: 1)
            link.responder = { slot in
                SharedArea.store64(0, Slot.header(slot) + SlotHeader.result)
                link.passed.append((UInt32(slot), -1))
            }
            #expect(throws: Errno.ENFILE) { try link.call(.open, 1, passes: true) }
        }
    }
}

/// Tests of hostfs; serialized, because they share the arena of the process.
@Suite(.serialized) struct HostTests {}
