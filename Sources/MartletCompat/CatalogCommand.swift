import ArgumentParser
import Compat

/// `martlet compat catalog`.
struct CatalogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog",
        abstract: "What is known of a suite's test files: area, calls, priority, and what is out of reach.",
        discussion: """
            EXAMPLES:
              martlet compat catalog --priority critical
              martlet compat catalog --run latest        with the results of a run
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json, markdown, csv }

    @Option(help: ArgumentHelp("The catalogue: gvisor, or a file.", valueName: "name"))
    var catalog = "gvisor"

    @Option(parsing: .singleValue, help: "Only files of this priority. Repeatable.")
    var priority: [Catalog.Priority] = []

    @Option(parsing: .singleValue, help: ArgumentHelp("Only files of this area. Repeatable.", valueName: "area"))
    var area: [String] = []

    @Option(parsing: .singleValue, help: ArgumentHelp("Only files about this call. Repeatable.", valueName: "name"))
    var call: [String] = []

    @Option(name: .customLong("run"), help: ArgumentHelp("Show the results of this run.", valueName: "run"))
    var resultsOf: String?

    @Option(help: "How to print it.")
    var format = Format.table

    @OptionGroup var history: HistoryOptions

    func run() throws {
        let catalog = try Catalog.named(self.catalog)
        let known = Set(CallTable.categories)
        for area in area where !known.contains(area) { throw CompatFailure("there is no area '\(area)'") }
        for call in call where CallTable.byName[call] == nil { throw CompatFailure("there is no system call '\(call)'") }
        let entries = catalog.entries.filter {
            (priority.isEmpty || priority.contains($0.priority)) && (area.isEmpty || area.contains($0.area))
                && (call.isEmpty || !Set(call).isDisjoint(with: $0.calls))
        }
        var results: [ProgramRecord] = []
        if let resultsOf {
            let history = try History(path: history.path, creates: false)
            results = try history.programs(of: try history.run(named: resultsOf).id)
        }
        let table = catalog.table(entries, results: results)
        switch format {
        case .json: print(try Formatting.json(entries))
        case .csv: print(table.csv())
        case .markdown: print(table.markdown())
        case .table: print(table.text() + "\n\n" + catalog.summary)
        }
    }
}

extension Catalog.Priority: ExpressibleByArgument {}
