import KernelBase
import LinuxABI
import Machine
import VFS

// Sockets whose only users are messages may keep each other open for ever: A's queue holds B and B's
// holds A, and nobody can read either. Linux looks for these whenever another socket closes, and when a
// sender has very many in flight; so do we.
//
// A socket all of whose users are references in flight is a candidate. From each candidate's count the
// references in candidates' own queues are subtracted: who has some left is held by a message that
// somebody can still read, and so is everything in its queue. The rest is garbage: its messages are dropped.

extension UnixSocket {
    func enteredFlight(_ state: IPCState) {
        inFlight &+= 1
        if inFlight == 1 { state.socketsInFlight.append(self) }
    }

    func leftFlight(_ state: IPCState) {
        inFlight &-= 1
        if inFlight == 0 { state.socketsInFlight.removeAll { $0 === self } }
    }

    /// Calls `body` with each socket that is in a message of this one's queue, or of its pending connections'.
    private func forEachSocketInQueue(_ body: (UnixSocket) -> Void) {
        var message = queue.first
        while let current = message {
            for file in current.files {
                if let socket = file as? UnixSocket { body(socket) }
            }
            message = current.next
        }
        for connection in pending { connection.forEachSocketInQueue(body) }
    }

    /// Drops what can no longer be reached. May sleep.
    func collectGarbage() {
        let state = IPCState.shared
        guard !state.socketsInFlight.isEmpty, !state.isCollecting else { return }
        var candidates: [UnixSocket] = []
        for socket in state.socketsInFlight {
            socket.mark = -1
            if socket.users == socket.inFlight { candidates.append(socket) }
        }
        guard !candidates.isEmpty else { return }
        for socket in candidates { socket.mark = socket.inFlight }
        for socket in candidates {
            socket.forEachSocketInQueue { if $0.mark > 0 { $0.mark &-= 1 } }
        }
        // Reachable: held from outside the candidates, or from such a one's queue.
        var reachable = candidates.filter { $0.mark > 0 }
        for socket in reachable { socket.mark = -1 }
        while let socket = reachable.popLast() {
            socket.forEachSocketInQueue { found in
                if found.mark >= 0 {
                    found.mark = -1
                    reachable.append(found)
                }
            }
        }
        let garbage = candidates.filter { $0.mark == 0 }
        guard !garbage.isEmpty else { return }
        state.isCollecting = true
        for socket in garbage {
            for connection in socket.pending { connection.purge() }
            socket.purge()
        }
        state.isCollecting = false
    }
}
