import AuditKit
import Foundation
import Testing
import TestSupport

@Suite(.serialized, .timeLimit(.minutes(20))) struct DoctorTests {
  private let report = Doctor(threads: 2, secondsEach: 0.005, folder: NSTemporaryDirectory())
    .examine()

  @Test("the kernels in use agree with plain loops, at products and convolutions")
  func checks() {
    #expect(report.checks.count >= 6)
    for check in report.checks {
      #expect(check.passed, "\(check)")
      #expect(check.relativeError > 0, "equal bits would mean that nothing fast was compared")
    }
  }

  @Test("an error beyond rounding, or none at all, does not pass")
  func checkThatFails() {
    var check = report.checks[0]
    check.relativeError = 2 * check.tolerance
    #expect(!check.passed)
    check.relativeError = .nan
    #expect(!check.passed)
  }

  @Test("every rate is measured, and shares refer to the peak of as many threads")
  func rates() throws {
    #expect(report.measurements.allSatisfy { $0.rate.isFinite && $0.rate > 0 })
    let peak = try #require(
      report.measurements.first { $0.name == "multiply-add peak" && $0.threads == 2 })
    let products = report.measurements.filter { $0.name.hasPrefix("product") }
    #expect(products.count == 2)
    for product in products {
      let share = try #require(product.shareOfPeak)
      #expect(abs(share - product.rate / peak.rate) < 1e-9)
    }
    #expect(report.measurements.contains { $0.unit == "byte/s" })
  }

  @Test("the machine, its disk and its libraries are known")
  func machine() {
    #expect(report.machine.cores >= 1)
    #expect(report.machine.threads == 2)
    #expect(report.machine.memoryBytes > 256 << 20)
    #expect(report.machine.availableMemoryBytes <= report.machine.memoryBytes)
    #expect(report.storage.freeBytes > 0)
    let names = [
      "OpenBLAS", "oneDNN", "SQLite", "libjpeg", "libpng", "libwebp", "giflib", "zlib", "Swift",
    ]
    for name in names {
      let library = report.libraries.first { $0.name == name }
      #expect(library?.version.contains(#/[0-9]/#) == true, "\(name): \(library?.version ?? "")")
    }
  }

  @Test("a folder that is not there yet counts as the disk it would be on")
  func futureFolder() {
    let folder = NSTemporaryDirectory() + "/not/there/yet"
    let report = Doctor(threads: 1, secondsEach: 0.001, folder: folder).examine()
    #expect(report.storage.freeBytes > 0)
  }

  @Test("a plan comes from steps of the model that is asked for")
  func plan() throws {
    var report = report
    let preset = Repository.golden("tiny-resnet.json").path(percentEncoded: false)
    var document = ConfigurationDocument()
    try document.set("preset=\(preset)")
    try document.set("training.batchSize=8")
    try Doctor(threads: 2, secondsEach: 0.01).plan(
      pairs: 1000, configuration: try document.decoded(), explicit: document.explicitNames,
      into: &report)
    let plan = try #require(report.plan)
    #expect(plan.pairs == 1000)
    #expect(plan.step.batchSize == 8)
    #expect(plan.step.parameterCount > 0)
    #expect(plan.seconds > 0)
    #expect(plan.step.unimodalSecondsPerPair > plan.step.scoringSecondsPerPair)
  }
}
