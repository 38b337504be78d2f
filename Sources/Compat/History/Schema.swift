import GRDB

/// The tables of the history. A migration that has been released is never changed; a new one is added below it.
enum Schema {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1: runs, programs, results") { db in
            try db.execute(sql: """
                CREATE TABLE run (
                    id INTEGER PRIMARY KEY AUTOINCREMENT,
                    started DATETIME NOT NULL,
                    ended DATETIME,
                    state TEXT NOT NULL,
                    suite TEXT NOT NULL,
                    mode TEXT NOT NULL,
                    runner TEXT NOT NULL,
                    user TEXT NOT NULL,
                    version TEXT NOT NULL,
                    build TEXT NOT NULL,
                    hostKernel TEXT NOT NULL,
                    hasBaseline BOOLEAN NOT NULL,
                    jobs INTEGER NOT NULL,
                    programs INTEGER NOT NULL,
                    process TEXT NOT NULL
                );
                CREATE TABLE program (
                    id INTEGER PRIMARY KEY,
                    run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
                    name TEXT NOT NULL,
                    mode TEXT NOT NULL,
                    nanoseconds INTEGER NOT NULL,
                    nativeNanoseconds INTEGER,
                    note TEXT NOT NULL,
                    UNIQUE (run, name)
                );
                CREATE TABLE result (
                    program INTEGER NOT NULL REFERENCES program ON DELETE CASCADE,
                    name TEXT NOT NULL,
                    verdict TEXT NOT NULL,
                    nanoseconds INTEGER NOT NULL,
                    message TEXT NOT NULL,
                    nativeVerdict TEXT,
                    nativeNanoseconds INTEGER,
                    nativeMessage TEXT,
                    PRIMARY KEY (program, name)
                );
                """)
        }
        return migrator
    }
}
