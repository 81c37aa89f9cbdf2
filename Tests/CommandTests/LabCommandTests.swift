import Foundation
import Testing
import TestSupport

@Suite(.serialized, .timeLimit(.minutes(20))) struct LabCommandTests {
  private static func plant(_ place: ScanWorkplace, _ more: String...) async throws -> CommandRun {
    try await CommandRun(
      [
        "lab", "plant", ScanWorkplace.shapes, "--out", place.file("poisoned"), "--class", "red",
        "--held-out", "20",
      ] + more)
  }

  @Test("a planted crawl is one that a scan audits, with the planted keys among its pairs")
  func plantAndScan() async throws {
    let place = try ScanWorkplace()
    let planted = try await Self.plant(
      place, "--attack", "badnet", "--count", "8", "--class", "red")
    #expect(planted.status == 0, "\(planted.errors)")
    #expect(planted.output.contains("8 planted, 20 held out"))
    #expect(planted.output.contains("Classes: red"))
    let scan = try await CommandRun(
      place.scan(place.file("poisoned/crawl"), seed: 1) + [
        "--held-out", place.file("poisoned/held-out"),
      ])
    #expect(scan.status == 0, "\(scan.errors)")
    let exported = try await place.export()
    let truth = try String(contentsOfFile: place.file("poisoned/truth.csv"), encoding: .utf8)
    let keys = truth.split(separator: "\n").dropFirst().map { $0.prefix { $0 != "," } }
    #expect(keys.count == 8)
    for key in keys { #expect(exported.contains("\n\(key),")) }
  }

  @Test("--json prints what was written")
  func json() async throws {
    let place = try ScanWorkplace()
    let run = try await Self.plant(place, "--attack", "campaign", "--rate", "0.1", "--json")
    #expect(run.status == 0, "\(run.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    #expect(object?["planted"] as? Int == 17)
    #expect(object?["heldOut"] as? Int == 20)
  }

  @Test("parameters come from a file, and options go over it")
  func configurationFile() async throws {
    let place = try ScanWorkplace()
    let path = place.file("attack.json")
    try Data(#"{"attack": "sig", "count": 3, "waveDelta": 40}"#.utf8)
      .write(to: URL(filePath: path))
    let run = try await Self.plant(place, "--config", path, "--count", "5")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("5 planted"))
    let truth = try String(contentsOfFile: place.file("poisoned/truth.csv"), encoding: .utf8)
    #expect(truth.contains(",sig,sig,"))
    try Data(#"{"atack": "sig"}"#.utf8).write(to: URL(filePath: path))
    let wrong = try await Self.plant(place, "--config", path)
    #expect(wrong.status == 1)
    #expect(wrong.errors.contains("did you mean 'attack'?"), "\(wrong.errors)")
  }

  @Test("a wrong option is a wrong command line, a class that is not there a failure")
  func wrong() async throws {
    let place = try ScanWorkplace()
    #expect(try await Self.plant(place, "--rate", "2").status == 64)
    #expect(try await Self.plant(place, "--attack", "badnot").status == 64)
    let run = try await Self.plant(place, "--class", "unicorn")
    #expect(run.status == 1)
    #expect(run.errors.contains("unicorn"))
    #expect(!FileManager.default.fileExists(atPath: place.file("poisoned")))
  }

  @Test("an output that cannot be written ends with 1")
  func fullDevice() async throws {
    let place = try ScanWorkplace()
    let run = try await CommandRun(
      shell:
        "audit-cli lab plant '\(ScanWorkplace.shapes)' --out '\(place.file("x"))' --held-out 9 "
        + "--words red --class red > /dev/full", in: "/tmp")
    #expect(run.status == 1)
    #expect(run.errors.contains("could not be written"), "\(run.errors)")
  }

  private static func lab(_ place: ScanWorkplace, _ more: String...) async throws -> CommandRun {
    try await CommandRun(
      ["lab", "run", "--crawl", ScanWorkplace.shapes, "--out", place.file("lab.sqlite")]
        + place.smallLab + more)
  }

  @Test("a lab is run once, goes on with what is new, and its table has a row for each method")
  func labRun() async throws {
    let place = try ScanWorkplace()
    let first = try await Self.lab(place, "--attack", "badnet", "--method", "clip", "--quiet")
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output.contains("1 trials: 1 measured now, 0 before, 0 failed"))
    let second = try await Self.lab(
      place, "--attack", "badnet", "--method", "clip,roclip,safeclip", "--json")
    #expect(second.status == 0, "\(second.errors)")
    let object = try JSONSerialization.jsonObject(with: Data(second.output.utf8)) as? [String: Any]
    #expect(object?["finished"] as? Int == 2 && object?["earlier"] as? Int == 1)

    let csv = try await CommandRun(
      ["lab", "table", place.file("lab.sqlite"), "--layout", "csv"])
    #expect(csv.status == 0, "\(csv.errors)")
    let lines = csv.output.split(separator: "\r\n")
    #expect(lines.count == 4)
    #expect(lines[0].hasPrefix("attack,method,trials,attack success,without trigger,zero-shot"))
    for (index, method) in ["clip", "roclip", "safeclip"].enumerated() {
      #expect(lines[index + 1].hasPrefix("\"badnet, 4 pairs\",\(method),\(index + 1),"))
    }
    let plan = try await Self.lab(
      place, "--attack", "badnet,blended", "--method", "clip", "--dry-run")
    #expect(
      plan.output.contains("1 trials of 172 pairs (1 more are finished): about"), "\(plan.output)")
    for layout in ["text", "markdown"] {
      let table = try await CommandRun(
        ["lab", "table", place.file("lab.sqlite"), "--layout", layout])
      #expect(table.status == 0 && table.output.contains("safeclip"), "\(table.errors)")
    }
  }

  @Test("a setting on the command line goes over a method's in the file")
  func settingsOverFile() async throws {
    let place = try ScanWorkplace()
    let path = place.file("grid.json")
    try Data(
      #"{"crawl": "any", "methods": [{"name": "clip", "settings": {"training.method": "clip", "training.epochs": 3}}]}"#
        .utf8
    ).write(to: URL(filePath: path))
    let run = try await Self.lab(
      place, "--attack", "badnet", "--config", path, "--set", "training.epochs=1")
    #expect(run.status == 0, "\(run.errors)")
    let report = try await CommandRun(
      ["report", place.file("lab.sqlite.work/trial-1/audit.sqlite"), "--json"])
    let object = try JSONSerialization.jsonObject(with: Data(report.output.utf8)) as? [String: Any]
    #expect((object?["epochs"] as? [Any])?.count == 1, "\(report.errors)")
  }

  @Test("a dry run lists the trials with their time, and writes nothing")
  func dryRun() async throws {
    let place = try ScanWorkplace()
    let run = try await Self.lab(place, "--seeds", "2", "--dry-run")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.output.contains("4 trials of 172 pairs: about"), "\(run.output)")
    #expect(!FileManager.default.fileExists(atPath: place.file("lab.sqlite")))
  }

  @Test("a wrong grid is a wrong command line, an unusable database a failure")
  func wrongGrid() async throws {
    let place = try ScanWorkplace()
    #expect(try await Self.lab(place, "--attack", "badnot").status == 64)
    let short = try await Self.lab(place, "--method", "clip,cleanclip")
    #expect(short.status == 64 && short.errors.contains("training.epochs of 'cleanclip'"))
    #expect(try await Self.lab(place, "--method", "magic").status == 64)
    #expect(try await Self.lab(place, "--set", "training.epcohs=3").status == 64)
    #expect(try await CommandRun(["lab", "run"]).status == 64)
    let seeded = try await Self.lab(place, "--set", "seed=3")
    #expect(seeded.status == 64 && seeded.errors.contains("'3'"), "\(seeded.errors)")
    let nowhere = try await CommandRun(
      ["lab", "run", "--crawl", place.file("nowhere"), "--out", place.file("none.sqlite")])
    #expect(nowhere.status == 1 && nowhere.errors.contains("nowhere"), "\(nowhere.errors)")
    #expect(!FileManager.default.fileExists(atPath: place.file("none.sqlite")))
    #expect(try await Self.lab(place, "--method", "clean-model").status == 64)
    #expect(try await Self.lab(place, "--method", "clip", "--clean-model", "m").status == 64)
    let threshold = ["--method", "clean-model", "--clean-model", "m", "--clean-threshold", "2"]
    #expect(
      try await CommandRun(["lab", "run", "--crawl", ScanWorkplace.shapes] + threshold).status == 64
    )
    let unlabelled = try await Self.lab(place, "--labelled-images", place.file("none"))
    #expect(unlabelled.status == 1 && unlabelled.errors.contains("a folder for each class"))
    let lost = try await Self.lab(
      place, "--method", "clean-model", "--clean-model", place.file("none"), "--vary")
    #expect(lost.status == 1 && lost.errors.contains("none"), "\(lost.errors)")
    let missing = try await CommandRun(["lab", "table", place.file("none.sqlite")])
    #expect(missing.status == 1)
    #expect(missing.errors.contains("there is no such file"), "\(missing.errors)")
  }
}
