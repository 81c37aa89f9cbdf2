import AuditKit
import AuditLab
import AuditReport
import AuditRisk
import AuditTraining
import Foundation
import TestSupport
import Testing

@Suite(.serialized, .timeLimit(.minutes(20))) struct LabDefenceTests {
  @Test(
    "defences that need something clean are given it: trusted pairs, or a model that drops others")
  func cleanDefences() throws {
    let first = try TinyLab()
    first.lab.methods = [TrialMethod(.clip)]
    #expect(try first.run().failures.isEmpty)
    let model = first.database + ".work/trial-1/model"
    let tiny = try TinyLab()
    tiny.lab.settings["training.cleaningEpochs"] = .whole(2)
    var filter = TrialMethod(.clip)
    filter.name = "clean model"
    filter.cleanModel = CleanModelFilter()
    filter.cleanModel?.folder = model
    filter.cleanModel?.threshold = try Self.lowerQuartile(of: first)
    var filtered = filter
    filtered.name = "clean model, then safeclip"
    filtered.settings = ["training.method": .text("safeclip")]
    tiny.lab.methods = [TrialMethod(.cleanclip), filter, filtered]
    #expect(tiny.lab.methods[0].trustedShare == 0.05)
    tiny.lab.methods[0].trustedShare = 0.4
    let summary = try tiny.run()
    #expect(summary.failures.isEmpty, "\(summary.failures)")
    let store = try LabStore(existing: tiny.database)
    let trials = try store.trials()
    let pairs = try #require(trials[0].pairs)
    let trusted = try String(
      contentsOfFile: tiny.database + ".work/trial-1/trusted.txt", encoding: .utf8
    ).split(separator: "\n")
    #expect(trusted.count == Int((0.4 * Double(pairs - 8)).rounded(.up)))
    #expect(!trusted.contains { $0.hasPrefix("planted_") })
    #expect(try store.epochs(of: trials[0].id).map(\.stage).suffix(2) == ["cleaning", "cleaning"])
    // What was dropped was not trained on; the model's similarity is measured on all.
    let measures = try store.measures(of: trials[1].id)
    func value(_ name: String, _ subject: String) -> Double? {
      measures.first { $0.name == name && $0.subject == subject }?.value
    }
    let kept = try #require(value("share", "cleanModel"))
    #expect(kept > 0 && kept < 1)
    #expect(try Int((kept * Double(pairs)).rounded()) == #require(trials[1].pairs))
    #expect(value("areaUnderROC", "cleanModel") != nil)
    // What it dropped is the riskiest.
    let share = try #require(value("plantedInSafeSet", "cleanModel"))
    let planted = try store.planted(of: trials[1].id)
    #expect(planted.count == 8)
    #expect(planted.count { $0.rank > 1 } == Int((share * 8).rounded()))
    #expect(planted.allSatisfy { $0.rank == 1 || $0.rank > pairs - (trials[1].pairs ?? 0) })
    // SafeCLIP on the rest has a safe set of its own beside what the model kept; both are shares of the crawl.
    let shares = try store.measures(of: trials[2].id).filter { $0.name == "share" }
    #expect(shares.map(\.subject) == ["firstSafeSet", "safeSet", "cleanModel"])
    #expect(shares[0].value <= shares[2].value && shares[1].value <= shares[2].value)
    let safeShares = try store.epochs(of: trials[2].id).compactMap(\.safeShare)
    let (split, last) = (try #require(safeShares.first), try #require(safeShares.last))
    #expect(abs(split - shares[0].value) < 1e-9 && abs(last - shares[1].value) < 1e-9)
    // What the clean model kept is told where there is no safe set.
    let overview = LabTable.overview(try TrialGroup.all(in: store))
    let column = try #require(overview.columns.firstIndex(of: "safe set"))
    #expect(overview.rows[1][column].hasSuffix(" %"))
  }

  @Test("what another trial of the same number left in the work folder is not measured")
  func strangers() throws {
    let tiny = try TinyLab()
    tiny.lab.methods = [TrialMethod(.clip)]
    tiny.lab.settings["training.epochs"] = .whole(1)
    #expect(try tiny.run().failures.isEmpty)
    for file in try FileManager.default.contentsOfDirectory(atPath: tiny.folder.path)
    where file.hasPrefix("lab.sqlite") && file != "lab.sqlite.work" {
      try FileManager.default.removeItem(atPath: tiny.folder.file(file))
    }
    tiny.lab.attacks[0].attack = .badnet
    tiny.lab.attacks[0].count = 5
    #expect(try tiny.run().failures.isEmpty)
    let trial = try #require(try LabStore(existing: tiny.database).trials().first)
    #expect(trial.id == 1)
    let report = try ReportReader(path: tiny.database + ".work/trial-1/audit.sqlite")
    let keys = try report.read { snapshot in
      var keys: [String] = []
      try snapshot.forEachPair(of: 1, PairQuery(order: .ordinal, limit: PairQuery.noLimit)) {
        if $0.pair.key.hasPrefix("planted_") { keys.append($0.pair.key) }
      }
      return keys
    }
    #expect(keys.count == 5)
  }

  @Test("a control trains without what is planted and is measured on the same probes")
  func control() throws {
    let tiny = try TinyLab()
    tiny.lab.attacks[0].attack = .badnet
    var control = TrialMethod(.clip)
    control.name = "control"
    control.poisoned = false
    tiny.lab.methods = [TrialMethod(.clip), control]
    let summary = try tiny.run()
    #expect(summary.failures.isEmpty, "\(summary.failures)")
    let store = try LabStore(existing: tiny.database)
    let trials = try store.trials()
    #expect(try #require(trials[1].pairs) == #require(trials[0].pairs) - 8)
    #expect(try store.planted(of: trials[0].id).count == 8)
    #expect(try store.planted(of: trials[1].id).isEmpty)
    let names = try trials.map { trial in
      Set(try store.measures(of: trial.id).map { "\($0.name) \($0.subject)" })
    }
    let detection = names[0].subtracting(names[1])
    #expect(detection.contains("areaUnderROC risk") && detection.contains("averagePrecision dao"))
    #expect(names[1].contains("attackSuccess probes") && names[1].isSubset(of: names[0]))
    let probed = try FileManager.default.contentsOfDirectory(
      atPath: tiny.database + ".work"
    ).filter { $0.hasPrefix("planted-") }
    #expect(probed.count == 1)
    let groups = try TrialGroup.all(in: store)
    let figures = try LabFigure.similarities(groups[1], in: store)
    #expect(!figures.isEmpty)
    for figure in figures {
      let path = try figure.draw(in: tiny.folder.path)
      #expect(try String(contentsOfFile: path, encoding: .utf8).contains("control"))
    }
    #expect(LabTable.detection(groups).rows.allSatisfy { $0[1] == "clip" })
  }

  /// The similarity below which a quarter of the pairs lies that were not planted, by the lab's only model.
  private static func lowerQuartile(of lab: TinyLab) throws -> Double {
    let stages = try LabStore(existing: lab.database).similarities(of: 1)
    let others = try #require(stages.last).others
    var below: UInt64 = 0
    let bin = try #require(
      others.counts.firstIndex { count in
        below += count
        return 4 * below >= others.total
      })
    return -1 + Double(bin + 1) / 100
  }
}
