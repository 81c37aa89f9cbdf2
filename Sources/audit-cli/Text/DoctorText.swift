import AuditKit
import AuditTraining
import NeuralKit

/// A doctor's report as a person reads it.
package enum DoctorText {
  package static func lines(_ report: DoctorReport, style: TerminalStyle) -> [String] {
    var sections = [
      ("Machine", machine(report)),
      ("Kernels", kernels(report.kernels)),
      ("Rates", rates(report.measurements, style: style)),
      ("Checks against plain loops", checks(report.checks, style: style)),
      ("Libraries", libraries(report.libraries, style: style)),
    ]
    if let plan = report.plan {
      sections.append(
        ("Plan for \(Quantity.count(plan.pairs)) pairs", planned(plan, style: style)))
    }
    sections.append(("Problems", problems(report.problems, style: style)))
    return sections.flatMap { title, lines in
      [style.colored(title, .bold)] + lines.map { "  " + $0 } + [""]
    }.dropLast()
  }

  private static func machine(_ report: DoctorReport) -> [String] {
    let machine = report.machine
    let cache = machine.cacheBytes.map { ", last cache \(Quantity.bytes($0))" } ?? ""
    return [
      TerminalText.escaped(machine.processor),
      "\(machine.cores) core\(machine.cores == 1 ? "" : "s") usable, "
        + "\(machine.threads) at work\(cache)",
      "memory \(Quantity.bytes(machine.memoryBytes)), "
        + "\(Quantity.bytes(machine.availableMemoryBytes)) available",
      "disk \(Quantity.bytes(report.storage.freeBytes)) free in "
        + TerminalText.escaped(report.storage.path),
      TerminalText.escaped(machine.system),
    ]
  }

  private static func kernels(_ kernels: KernelReport) -> [String] {
    let choice =
      switch kernels.openBLASCoreChoice {
      case .detected: "its own choice"
      case .corrected(let name): "asked for as \(name), since OpenBLAS does not know this processor"
      case .user(let name): "OPENBLAS_CORETYPE=\(name)"
      }
    return [
      "large products    \(kernels.largeProducts)",
      "small products    \(kernels.smallProducts)",
      "OpenBLAS kernels  \(kernels.openBLASCore) (\(choice))",
      "convolutions      oneDNN \(kernels.oneDNNVersion), \(kernels.oneDNNInstructionSet)",
      "pointwise         \(kernels.pointwiseInstructionSet)",
      "processor         \(kernels.processor)",
    ]
  }

  private static func rates(
    _ measurements: [DoctorReport.Measurement], style: TerminalStyle
  ) -> [String] {
    var table = Table([
      ("what", .left), ("threads", .right), ("rate", .right), ("of peak", .right),
    ])
    for measurement in measurements {
      table.add([
        measurement.name, "\(measurement.threads)",
        "\(Quantity.rate(measurement.rate / 1e9)) G\(measurement.unit == "byte/s" ? "B/s" : measurement.unit)",
        measurement.shareOfPeak.map(Quantity.share) ?? "",
      ])
    }
    return table.lines(width: style.width - 2, style: style)
  }

  private static func checks(
    _ checks: [DoctorReport.Check], style: TerminalStyle
  ) -> [String] {
    checks.map { check in
      let mark = check.passed ? style.colored("right", .green) : style.colored("WRONG", .red)
      return "\(mark)  \(check.name), relative error \(scientific(check.relativeError))"
    }
  }

  private static func libraries(
    _ libraries: [DoctorReport.Library], style: TerminalStyle
  ) -> [String] {
    var table = Table([("library", .left), ("version", .left)])
    for library in libraries { table.add([library.name, library.version]) }
    return Array(table.lines(width: style.width - 2, style: style).dropFirst())
  }

  private static func planned(_ plan: ScanPlan, style: TerminalStyle) -> [String] {
    let step = plan.step
    var table = Table([("stage", .left), ("epochs", .right), ("time", .right)])
    for cost in plan.stages {
      table.add([cost.stage.title, "\(cost.epochs)", Quantity.duration(cost.seconds)])
    }
    table.add(["scoring", "", Quantity.duration(plan.scoringSeconds)])
    let rates = [
      ("unimodal", step.unimodalSecondsPerPair), ("CLIP", step.clipSecondsPerPair),
      ("scoring", step.scoringSecondsPerPair),
    ].map { "\($0) \(Quantity.rate(1 / $1))" }.joined(separator: ", ")
    return table.lines(width: style.width - 2, style: style) + [
      "time    \(Quantity.duration(plan.seconds)), and once the decoding of all images",
      "memory  \(Quantity.bytes(plan.memoryBytes))",
      "disk    \(Quantity.bytes(plan.workFolderBytes)) in the work folder, "
        + "\(Quantity.bytes(plan.reportBytes)) for the report",
      "from    \(TerminalText.escaped(plan.preset)), "
        + "\(Quantity.count(step.parameterCount)) parameters, batch \(step.batchSize), "
        + "\(step.threads) thread\(step.threads == 1 ? "" : "s")",
      "        measured pairs/s: \(rates)",
    ]
      + plan.adaptations.map {
        "        adapted \($0.name): \($0.used), for large crawls \($0.usual)"
      }
  }

  private static func problems(_ problems: [String], style: TerminalStyle) -> [String] {
    guard !problems.isEmpty else { return ["none"] }
    return problems.flatMap { problem in
      let lines = TerminalText.wrapped(
        TerminalText.escaped(problem), width: min(style.width, 100) - 4)
      return lines.enumerated().map { ($0.offset == 0 ? "- " : "  ") + $0.element }
    }
  }

  private static func scientific(_ value: Double) -> String {
    guard value > 0, value.isFinite else { return "\(value)" }
    var exponent = 0
    var mantissa = value
    while mantissa < 1 {
      mantissa *= 10
      exponent -= 1
    }
    while mantissa >= 10 {
      mantissa /= 10
      exponent += 1
    }
    return "\(Quantity.decimal(mantissa, digits: 1))e\(exponent)"
  }
}
