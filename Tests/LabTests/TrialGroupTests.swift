import AuditLab
import AuditRisk
import Foundation
import GRDB
import Testing
import TestSupport

/// Which trials of a database are means over seeds, and how tables name them.
@Suite struct TrialGroupTests {
  /// A finished trial as a run of the lab would leave it.
  private struct Entry {
    var attack = #"{"attack": "blended", "count": 8, "blendAlpha": 0.2, "seed": 0}"#
    var method = "safeclip"
    var seed = 0
    var crawl = "data/shapes"
    var configuration = #"{"seed": 0, "training": {"method": "safeclip", "neighbours": 32}}"#
    var setup = #"{"words": ["red", "blue"], "poisoned": true}"#
    var pairs = 16_000
    /// Stages of its epochs.
    var stages: [String] = []
    /// Seconds of the process that ended it.
    var lastSeconds: Double?
    /// Seconds of training in each of them.
    var seconds: [Double] = []
    /// Of a clean model that dropped pairs: the shares that it kept of what was planted and of all pairs.
    var kept: (planted: Double, all: Double)?
    /// Attack success with its interval.
    var success = (value: 0.0, low: 0.0, high: 0.324)
    /// Whether the first safe set was measured, as earlier versions did not.
    var hasFirstSafeSet = true
    /// Safe sets after its epochs with what of the planted pairs is in them.
    var safeSets: [(share: Double, planted: Double)] = []
  }

  private static func groups(_ entries: [Entry]) throws -> [TrialGroup] {
    let folder = try TemporaryFolder()
    let store = try LabStore(path: folder.file("lab.sqlite"))
    try DatabaseQueue(path: store.path).write { database in
      for (number, entry) in entries.enumerated() {
        try database.execute(
          sql: """
            INSERT INTO trial (id, fingerprint, crawl, attack, attackName, method, seed, state,
              startedAt, finishedAt, pairs, configuration, setup, seconds)
            VALUES (?, ?, ?, ?, 'blended, 8 pairs', ?, ?, 'finished', '2026-01-01', '2026-01-01',
              ?, ?, ?, ?)
            """,
          arguments: [
            number + 1, "\(number)", entry.crawl, entry.attack, entry.method, entry.seed,
            entry.pairs, entry.configuration, entry.setup, entry.lastSeconds,
          ])
        for (epoch, stage) in entry.stages.enumerated() {
          let safeSet = entry.safeSets.isEmpty ? nil : entry.safeSets[epoch]
          try database.execute(
            sql: """
              INSERT INTO epoch (trialId, number, stage, recallAt10, trainingSeconds, safeShare,
                plantedInSafeSet) VALUES (?, ?, ?, ?, ?, ?, ?)
              """,
            arguments: [
              number + 1, epoch, stage, Double(epoch) / 10,
              entry.seconds.isEmpty ? nil : entry.seconds[epoch], safeSet?.share, safeSet?.planted,
            ])
        }
        for (name, value) in [
          ("plantedInSafeSet", entry.kept?.planted), ("share", entry.kept?.all),
        ] {
          guard let value else { continue }
          try database.execute(
            sql: "INSERT INTO measure VALUES (?, ?, 'cleanModel', ?, NULL, NULL)",
            arguments: [number + 1, name, value])
        }
        try database.execute(
          sql: "INSERT INTO measure VALUES (?, 'attackSuccess', 'probes', ?, ?, ?)",
          arguments: [number + 1, entry.success.value, entry.success.low, entry.success.high])
        guard entry.hasFirstSafeSet else { continue }
        try database.execute(
          sql:
            "INSERT INTO measure VALUES (?, 'poisonRate', 'firstSafeSet', 3.75e-6, 1e-7, 2.5e-5)",
          arguments: [number + 1])
      }
    }
    return try TrialGroup.all(in: store)
  }

  @Test("trials of other seeds are one group, though each had its own file of trusted pairs")
  func seeds() throws {
    let entries = (0..<3).map { seed in
      Entry(
        attack: #"{"attack": "blended", "count": 8, "blendAlpha": 0.2, "seed": \#(seed)}"#,
        seed: seed, configuration: #"{"seed": \#(seed), "trusted": "trial-\#(seed)/t.txt"}"#)
    }
    let groups = try Self.groups(entries)
    #expect(groups.map { "\($0.attackName) \($0.method)" } == ["blended, 8 pairs safeclip"])
    #expect(LabTable.overview(groups).rows[0][2] == "1, 2, 3")
  }

  @Test("attacks, settings and crawls that differ are not averaged, and their names tell why")
  func differences() throws {
    var (weak, strong, cap, other) = (Entry(), Entry(), Entry(), Entry())
    weak.attack = #"{"attack": "blended", "count": 8, "blendAlpha": 0.1, "seed": 0}"#
    cap.configuration = #"{"training": {"method": "safeclip", "neighbours": 16}}"#
    other.crawl = "more/photos"
    strong.seed = 1
    let groups = try Self.groups([weak, Entry(), strong, cap, other])
    #expect(groups.map(\.trials.count) == [1, 2, 1, 1])
    #expect(
      groups.map(\.attackName) == [
        "blended, 8 pairs, blendAlpha 0.1, shapes", "blended, 8 pairs, blendAlpha 0.2, shapes",
        "blended, 8 pairs, blendAlpha 0.2, shapes", "blended, 8 pairs, blendAlpha 0.2, photos",
      ])
    #expect(
      groups.map(\.method) == [
        "safeclip", "safeclip, training.neighbours 32", "safeclip, training.neighbours 16",
        "safeclip",
      ])
  }

  @Test(
    "classes, trusted pairs and controls that differ are not averaged, how many pairs are left is no difference"
  )
  func setups() throws {
    var (words, trusted, control, fewer) = (Entry(), Entry(), Entry(), Entry())
    words.setup = #"{"words": ["red", "green", "yellow", "purple"], "poisoned": true}"#
    trusted.setup = #"{"words": ["red", "blue"], "poisoned": true, "trustedShare": 0.1}"#
    control.setup = #"{"words": ["red", "blue"], "poisoned": false}"#
    (words.seed, trusted.seed, control.seed, fewer.seed) = (1, 2, 3, 4)
    fewer.pairs = 15_990
    let groups = try Self.groups([Entry(), words, trusted, control, fewer])
    #expect(groups.map(\.trials.count) == [2, 1, 1, 1])
    let names = groups.map(\.method)
    #expect(Set(names).count == 4)
    #expect(
      names[0].contains("words [\"red\",\"blue\"]") && names[1].contains("words [\"red\",\"green\"")
    )
    #expect(
      names[2].contains("trustedShare 0.1") && names[3].hasPrefix("safeclip (nothing planted)"))
    #expect(PaperTable.poisonRate.table(groups).rows.suffix(1).map { $0[3] } == ["0.0 %"])
  }

  @Test("epochs are averaged by their places in their stages, since slow passes can end early")
  func stages() throws {
    var (short, long) = (Entry(), Entry())
    short.stages = ["warmUp", "slowPass", "mixed", "mixed"]
    long.stages = ["warmUp", "slowPass", "slowPass", "mixed", "mixed"]
    long.seed = 1
    let group = try #require(try Self.groups([short, long]).first)
    #expect(group.epochs.map(\.stage) == ["warmUp", "slowPass", "slowPass", "mixed", "mixed"])
    #expect(group.epochs.map(\.number) == [0, 1, 2, 3, 4])
    let recalls = group.epochs.compactMap(\.recallAt10)
    #expect(zip(recalls, [0, 0.1, 0.2, 0.25, 0.35]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(PaperTable.warmUp.table([group]).rows.last?[4] == "1 to 2")
  }

  @Test("several attacks of one kind are told apart in the paper's first table")
  func amounts() throws {
    var weak = Entry()
    weak.attack = #"{"attack": "blended", "count": 8, "blendAlpha": 0.1, "seed": 0}"#
    let rows = PaperTable.attackSuccess.table(try Self.groups([weak, Entry()])).rows
    let cell = try #require(rows.last?[5])
    #expect(
      cell
        == "8 pairs, blendAlpha 0.1: 0.0 % (0.0 to 32.4); 8 pairs, blendAlpha 0.2: 0.0 % (0.0 to 32.4)"
    )
    let single = try #require(PaperTable.attackSuccess.table(try Self.groups([weak])).rows.last)
    #expect(single[5] == "0.0 % (0.0 to 32.4)")
  }

  @Test("the time of a trial that was taken up again is that of all its epochs")
  func resumedTime() throws {
    var (resumed, whole) = (Entry(), Entry())
    (resumed.stages, resumed.seconds, resumed.lastSeconds) = (["mixed", "mixed"], [100, 140], 150)
    (whole.stages, whole.seconds, whole.lastSeconds, whole.seed) = (["mixed"], [100], 120, 1)
    let overview = LabTable.overview(try Self.groups([resumed, whole]))
    let column = try #require(overview.columns.firstIndex(of: "minutes"))
    #expect(overview.rows.map { $0[column] } == ["3.0"])
    #expect(LabTable.overview(try Self.groups([Entry()])).rows[0][column] == "-")
  }

  @Test("an epoch in which the machine slept does not count as the time of one")
  func pauses() throws {
    var (plain, safe) = (Entry(), Entry())
    plain.method = "clip"
    plain.configuration = #"{"training": {"method": "clip"}}"#
    plain.stages = Array(repeating: "plain", count: 5)
    plain.seconds = [10, 11, 9, 4_000, 10]
    safe.stages = ["warmUp", "mixed", "mixed", "mixed"]
    safe.seconds = [10, 20, 20, 900]
    let rows = PaperTable.time.table(try Self.groups([plain, safe])).rows.filter {
      $0[0] == "shapes"
    }
    #expect(rows.map { $0[2] } == ["plain", "warmUp", "mixed"])
    #expect(rows.map { String($0[3].prefix(4)) } == ["1.00", "1.00", "2.00"])
  }

  @Test("of trials that should take as long, those count that other work did not slow down")
  func quickest() throws {
    var entries: [Entry] = []
    for (number, slowness) in [1.3, 1.0].enumerated() {
      var (plain, safe) = (Entry(), Entry())
      let attack = #"{"attack": "blended", "count": \#(8 + number), "seed": 0}"#
      (plain.attack, safe.attack) = (attack, attack)
      plain.method = "clip"
      plain.configuration = #"{"training": {"method": "clip"}}"#
      (plain.stages, plain.seconds) = (["plain", "plain"], [10 * slowness, 10 * slowness])
      (safe.stages, safe.seconds) = (["warmUp", "mixed"], [15, 12 * slowness])
      entries += [plain, safe]
    }
    let rows = PaperTable.time.table(try Self.groups(entries)).rows.filter { $0[0] == "shapes" }
    #expect(rows.map { $0[2] } == ["plain", "warmUp", "mixed"])
    #expect(rows.map { String($0[3].prefix(4)) } == ["1.00", "1.50", "1.20"])
  }

  @Test("first safe sets that no trial of an earlier version measured are those of its epochs")
  func earlierSafeSets() throws {
    var entry = Entry()
    entry.hasFirstSafeSet = false
    (entry.stages, entry.safeSets) = (["mixed", "mixed"], [(0.25, 0.5), (0.5, 0.75)])
    let groups = try Self.groups([entry])
    let threshold = try #require(PaperTable.threshold.table(groups).rows.last)
    #expect(threshold.suffix(2) == ["50.0 %", "25.0 %"])
    // Half of the 8 planted pairs among a quarter of 16 000.
    let safeSet = try #require(PaperTable.safeSet.table(groups).rows.last)
    #expect(safeSet.suffix(2) == ["25.0 %", "0.1 %"])
  }

  @Test("figures of methods whose names differ in signs only do not overwrite each other")
  func figureNames() throws {
    let folder = try TemporaryFolder()
    let store = try LabStore(path: folder.file("lab.sqlite"))
    var attacks: [Entry] = []
    for name in ["a b", "a-b"] {
      var entry = Entry()
      entry.attack = #"{"attack": "\#(name)", "count": 8, "seed": 0}"#
      (entry.stages, entry.seconds) = (["mixed"], [1])
      attacks.append(entry)
    }
    let names = try LabFigure.all(try Self.groups(attacks), in: store).map(\.name)
    #expect(names.count == 2 && Set(names).count == 2, "\(names)")
  }

  @Test(
    "times are told in epochs of plain CLIP on the whole crawl, where a clean model dropped pairs too"
  )
  func timesOfFiltered() throws {
    var (plain, filtered) = (Entry(), Entry())
    plain.configuration = #"{"training": {"method": "clip"}}"#
    (plain.method, filtered.method, filtered.configuration) = (
      "clip", "clean-model", plain.configuration
    )
    filtered.setup = #"{"words": ["red", "blue"], "cleanModel": {"folder": "m"}, "poisoned": true}"#
    (filtered.pairs, filtered.kept) = (8_000, (0.1, 0.5))
    for (index, seconds) in [10.0, 5.0].enumerated() {
      let epochs = ([String](repeating: "plain", count: 3), [Double](repeating: seconds, count: 3))
      if index == 0 {
        (plain.stages, plain.seconds) = epochs
      } else {
        (filtered.stages, filtered.seconds) = epochs
      }
    }
    let rows = PaperTable.time.table(try Self.groups([filtered, plain])).rows
      .filter { $0[0] == "shapes" }
    #expect(rows.map { $0[1] } == ["clean-model", "clip"])
    #expect(rows.map { String($0[3].prefix(4)) } == ["0.50", "1.00"])
  }

  @Test(
    "what a clean model dropped was not trained on",
    arguments: ["\"count\": 80", "\"rate\": 0.005"])
  func filteredRate(amount: String) throws {
    var entry = Entry()
    entry.attack = #"{"attack": "blended", \#(amount), "seed": 0}"#
    // 80 of 16 000 were planted; half of the pairs are left with a tenth of the planted ones.
    (entry.pairs, entry.kept) = (8_000, (0.1, 0.5))
    let rate = try #require(PaperTable.poisonRate.table(try Self.groups([entry])).rows.last)
    #expect(rate[3] == "0.1 %")
  }

  @Test("a seed that comes twice is no repetition")
  func repeated() throws {
    #expect(try Self.groups([Entry(), Entry()]).map(\.trials.count) == [1, 1])
  }

  @Test("an interval over seeds is never narrower than what single trials leave open")
  func intervals() throws {
    let same = try Self.groups((0..<4).map { Entry(seed: $0) })[0]
    let none = try #require(same.estimate("attackSuccess", "probes"))
    // Four trials of no success in eight probes: a half of what one leaves open.
    #expect(none.value == 0 && none.lower == 0 && abs(none.upper - 0.162) < 1e-12)
    let entries = (0..<4).map { Entry(seed: $0, success: (Double($0) / 4, 0, 1)) }
    let wide = try #require(try Self.groups(entries)[0].estimate("attackSuccess", "probes"))
    // Student's of 0, 0.25, 0.5 and 0.75 is 0.375 +- 0.5136.
    #expect(wide.value == 0.375 && wide.lower == 0 && abs(wide.upper - 0.8886) < 1e-3)
  }

  @Test("shares of a millionth are not rounded away, and poison is told as a share")
  func digits() throws {
    let groups = try Self.groups([Entry()])
    let safeSet = try #require(PaperTable.safeSet.table(groups).rows.last)
    #expect(safeSet.last == "0.00038 % (0.000010 to 0.0025)")
    let rate = try #require(PaperTable.poisonRate.table(groups).rows.last)
    #expect(rate == ["shapes", "blended, 8 pairs", "safeclip", "0.050 %", "0.0 % (0.0 to 32.4)"])
  }
}
