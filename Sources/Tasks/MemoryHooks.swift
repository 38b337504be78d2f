import KernelBase
import Machine
import Memory

extension TaskTable {
    /// Lets the memory manager reach the threads of an address space. Called once at boot, after
    /// ``MemoryManager/install(host:)``.
    public static func connectMemoryManager() {
        MemoryManager.shared.kick = { space in
            for process in TaskTable.shared.allProcesses where process.memory === space {
                for task in process.threads {
                    // The way back to the guest leads through prepareReturnToGuest.
                    task.slot.postWork(Work.fullRestore)
                    task.slot.kick()
                }
            }
        }
        MemoryManager.shared.reach = { space in
            // One that sleeps is enough: it comes at once.
            for process in TaskTable.shared.allProcesses where process.memory === space {
                for task in process.threads where !task.isExiting && !task.isBetweenPrograms && task.slot.isSleeping {
                    task.slot.postWork(Work.service)
                    task.slot.wake()
                    return
                }
            }
            MemoryManager.shared.kick?(space)
        }
        sleepServiceRoot.set(SleepService {
            let task = Task.current
            if !task.isBetweenPrograms { task.memory.serveRemoteCopies() }
        })
    }
}
