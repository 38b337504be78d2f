// swift-tools-version: 6.2
import PackageDescription

// The architecture in layer order: each target depends only on those above it.
//
// The kernel modules are compiled twice from the same files: as ordinary Swift for unit tests
// (`swift build`), and as Embedded Swift for the image that is mapped into every guest process
// (`swift build --traits KernelImage --product MartletKernel`).

let image: BuildSettingCondition = .when(traits: ["KernelImage"])

/// Settings of the foundation module, the only one that may hold unsafe code.
let foundation: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableExperimentalFeature("Lifetimes"),
    .enableExperimentalFeature("Embedded", image),
    .unsafeFlags(
        ["-wmo", "-parse-as-library", "-Xfrontend", "-disable-stack-protector",
         "-Xfrontend", "-function-sections",
         "-enforce-exclusivity=unchecked", "-Xfrontend", "-assume-single-threaded",
         "-Xcc", "-mno-sse", "-Xcc", "-mno-sse2", "-Xcc", "-mno-mmx", "-Xcc", "-DMARTLET_SWIFT_IMAGE=1"], image),
]

/// Settings of every kernel module above the foundation.
let kernel: [SwiftSetting] = foundation + [.strictMemorySafety(), .treatAllWarnings(as: .error)]

/// The kernel's C and assembly: no libc, no stack protector (the canary is read through the guest's
/// %fs), no vector registers (they belong to the guest), no calls into the PLT.
let cKernel: [CSetting] = [
    .unsafeFlags(
        ["-ffreestanding", "-fno-stack-protector", "-mno-sse", "-mno-sse2", "-mno-mmx",
         "-fno-builtin", "-fcf-protection=none", "-O2"], image),
    .define("MARTLET_IMAGE", image),
]

/// The image is one static executable at a fixed address outside of what programs use.
let imageLink: [LinkerSetting] = [
    .unsafeFlags(
        ["-static-executable", "-nostartfiles", "-Xclang-linker", "-nostdlib", "-Xclang-linker", "-fuse-ld=lld",
         "-Xlinker", "--image-base=0x700000000000", "-Xlinker", "-e", "-Xlinker", "_martlet_start",
         "-Xlinker", "-z", "-Xlinker", "norelro", "-Xlinker", "--build-id=none"], image),
]

/// Settings of the host side.
let host: [SwiftSetting] = [.swiftLanguageMode(.v6)]

/// `martlet` in release mode is one static executable: with shared libraries its start would take 2 ms longer.
let hostLink: [LinkerSetting] = [.unsafeFlags(["-static-executable", "-l_FoundationCollections", "-l_FoundationCShims"], .when(configuration: .release))]

/// The same for `martlet-compat`, with the whole of Foundation and what it is made of.
let compatLink: [LinkerSetting] = [
    .unsafeFlags(
        ["-static-executable", "-lCoreFoundation", "-l_FoundationICU", "-l_FoundationCollections", "-l_FoundationCShims", "-lswiftSynchronization",
         "-lstdc++", "-lm"], .when(configuration: .release)),
]

func kernelTarget(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: kernel)
}

let package = Package(
    name: "martlet",
    products: [
        .executable(name: "MartletKernel", targets: ["KernelImage"]),
        .executable(name: "martlet", targets: ["martlet"]),
        .executable(name: "martlet-compat", targets: ["MartletCompat"]),
    ],
    traits: [.trait(name: "KernelImage", description: "Build the kernel modules as Embedded Swift for the image")],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
    ],
    targets: [
        // -- the kernel; unsafe code only in the first two --
        .target(name: "CMachine", cSettings: cKernel),
        kernelTarget("LinuxABI", []),
        kernelTarget("MonitorProtocol", []),
        .target(name: "Machine", dependencies: ["CMachine", "LinuxABI"], swiftSettings: foundation),
        kernelTarget("KernelBase", ["Machine", "LinuxABI", "MonitorProtocol"]),
        kernelTarget("VFS", ["KernelBase", "Machine", "LinuxABI"]),
        kernelTarget("FileSystems", ["VFS", "KernelBase", "Machine", "LinuxABI", "MonitorProtocol"]),
        kernelTarget("IPC", ["VFS", "KernelBase", "Machine", "LinuxABI"]),
        kernelTarget("Memory", ["VFS", "KernelBase", "Machine", "LinuxABI", "MonitorProtocol"]),
        kernelTarget("Tasks", ["Memory", "IPC", "FileSystems", "VFS", "KernelBase", "Machine", "LinuxABI", "MonitorProtocol"]),
        kernelTarget("Terminals", ["Tasks", "VFS", "FileSystems", "KernelBase", "Machine", "LinuxABI", "MonitorProtocol"]),
        kernelTarget("ProcFS", ["Tasks", "Terminals", "Memory", "IPC", "FileSystems", "VFS", "KernelBase", "Machine", "LinuxABI"]),
        kernelTarget(
            "Syscalls",
            [
                "ProcFS", "Terminals", "Tasks", "Memory", "IPC", "FileSystems", "VFS", "KernelBase", "Machine", "LinuxABI",
                "MonitorProtocol",
            ]),
        .executableTarget(
            name: "KernelImage",
            dependencies: [
                "Syscalls", "ProcFS", "Terminals", "Tasks", "Memory", "IPC", "FileSystems", "VFS", "KernelBase", "Machine",
                "LinuxABI", "MonitorProtocol",
            ],
            swiftSettings: kernel, linkerSettings: imageLink),

        // -- the host side: ordinary Swift --
        .target(name: "CHost", cSettings: [.define("_GNU_SOURCE")]),
        .target(name: "HostBase", swiftSettings: host),
        .target(name: "TraceDecoder", dependencies: ["HostBase", "MonitorProtocol", "LinuxABI"], swiftSettings: host),
        .target(name: "Monitor", dependencies: ["TraceDecoder", "HostBase", "CHost", "MonitorProtocol"], swiftSettings: host),
        .target(name: "ChildProcesses", dependencies: ["CHost"], swiftSettings: host),
        .target(name: "Bench", dependencies: ["ChildProcesses", "Monitor", "HostBase"], swiftSettings: host),
        .executableTarget(
            name: "martlet", dependencies: ["Bench", "Monitor", "HostBase", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: host, linkerSettings: hostLink),

        // The compatibility lab is a program of its own: with its libraries (SQLite, Foundation) `martlet run` would start more slowly.
        .target(
            name: "Compat",
            dependencies: [
                "ChildProcesses", "LinuxABI", .product(name: "GRDB", package: "GRDB.swift"), .product(name: "Mustache", package: "swift-mustache"),
                "Yams",
            ],
            resources: [.embedInCode("Catalog/gvisor.yaml"), .embedInCode("Reports/report.html")],
            swiftSettings: host),
        .executableTarget(
            name: "MartletCompat", dependencies: ["Compat", "ChildProcesses", "HostBase", "LinuxABI", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: host, linkerSettings: compatLink),

        // -- tests --
        .testTarget(name: "HouseTests", dependencies: ["LinuxABI"]),
        .testTarget(name: "LinuxABITests", dependencies: ["LinuxABI"]),
        .testTarget(name: "GateTests", dependencies: ["CMachine"]),
        .testTarget(name: "MemoryTests", dependencies: ["Memory", "VFS", "KernelBase", "Machine", "LinuxABI"]),
        .testTarget(name: "IPCTests", dependencies: ["IPC", "VFS", "KernelBase", "Machine", "LinuxABI"]),
        .testTarget(name: "VFSTests", dependencies: ["FileSystems", "VFS", "KernelBase", "Machine", "LinuxABI"]),
        .testTarget(name: "TasksTests", dependencies: ["Tasks", "KernelBase", "LinuxABI"]),
        .testTarget(name: "ProcFSTests", dependencies: ["ProcFS", "KernelBase"]),
        .testTarget(name: "KernelBaseTests", dependencies: ["KernelBase", "MonitorProtocol", "Machine", "LinuxABI"]),
        .testTarget(name: "TerminalsTests", dependencies: ["Terminals", "Tasks", "VFS", "KernelBase", "Machine", "LinuxABI", "MonitorProtocol"], exclude: ["make-cases.py"]),
        .testTarget(
            name: "FileSystemsTests",
            dependencies: ["FileSystems", "VFS", "KernelBase", "Machine", "LinuxABI", "MonitorProtocol", "Monitor", "CHost"]),
        .testTarget(name: "ChildProcessesTests", dependencies: ["ChildProcesses"], swiftSettings: host),
        .testTarget(name: "BenchTests", dependencies: ["Bench", "Monitor"], swiftSettings: host),
        .testTarget(
            name: "CompatTests", dependencies: ["Compat", "ChildProcesses", "LinuxABI", .product(name: "GRDB", package: "GRDB.swift")],
            exclude: ["Programs"], swiftSettings: host),
        .testTarget(name: "TraceDecoderTests", dependencies: ["TraceDecoder", "HostBase", "MonitorProtocol", "LinuxABI"], swiftSettings: host),
        .testTarget(name: "MonitorTests", dependencies: ["Monitor", "TraceDecoder", "HostBase", "CHost", "MonitorProtocol"], swiftSettings: host),
    ]
)
