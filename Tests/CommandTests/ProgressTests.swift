import AuditKit
import AuditTraining
import Synchronization
import Testing
import audit_cli

@Suite struct ProgressTests {
  private func training(
    epoch: Int = 3, step: Int = 16, isScoring: Bool = false
  ) -> ScanEvent {
    .training(
      TrainingProgress(
        stage: .mixed, epoch: epoch, epochs: 12, step: step, steps: 64, loss: 3.2141,
        pairsPerSecond: 812.3, isScoring: isScoring))
  }

  private func record(epoch: Int) -> EpochRecord {
    EpochRecord(
      epoch: epoch, stage: .mixed, loss: 3.1, clipLoss: nil, unimodalLoss: nil,
      learningRate: 5e-4, logitScale: 14, alignment: 0.8123, seconds: 12.34, steps: 64)
  }

  @Test(
    "a line fits every width, and says less rather than wrap",
    arguments: [1, 2, 8, 20, 40, 60, 80, 100, 120, 200])
  func widths(width: Int) throws {
    var state = ScanProgress()
    state.apply(.phase(.training), at: 10)
    state.apply(training(), at: 14)
    let line = state.line(width: width, style: .plain)
    #expect(DisplayWidth.of(line) < width)
    if width >= 20 { try Snapshot.expect(line + "\n", matches: "progress-\(width)") }
  }

  @Test("every state has its line", arguments: [80])
  func states(width: Int) throws {
    var state = ScanProgress()
    var lines = [state.line(width: width, style: .plain)]
    let events: [(ScanEvent, Double)] = [
      (.phase(.reading), 0), (.items(done: 5300, total: nil, perSecond: 21_000), 1),
      (.phase(.thumbnails), 2), (.items(done: 2030, total: 8121, perSecond: 950.4), 4),
      (.phase(.training), 9), (training(epoch: 0, step: 0), 9), (training(epoch: 0, step: 32), 19),
      (training(epoch: 0, step: 64, isScoring: true), 30),
      (.epoch(record(epoch: 0), safeCount: 9), 31),
      (training(epoch: 1, step: 16), 36), (.phase(.writing), 40), (.notice("x"), 41),
    ]
    for (event, seconds) in events {
      state.apply(event, at: seconds)
      lines.append(state.line(width: width, style: .plain))
      lines.append("  " + state.logLine)
    }
    state.isStopping = true
    lines.append(state.line(width: width, style: .plain))
    try Snapshot.expect(lines.joined(separator: "\n") + "\n", matches: "progress-states")
  }

  @Test("time left counts this epoch's rest and the epochs after it")
  func timeLeft() {
    var state = ScanProgress()
    state.apply(.phase(.training), at: 100)
    state.apply(training(epoch: 0, step: 0), at: 100)
    #expect(state.secondsLeft == nil)
    // A quarter in 10 s: 40 s an epoch, so 30 s of this one and 11 times 40 s.
    state.apply(training(epoch: 0, step: 16), at: 110)
    #expect(state.secondsLeft == 470.0)
    // The epoch took 50 s in the end, scoring included; that is what the next is thought to take.
    state.apply(.epoch(record(epoch: 0), safeCount: nil), at: 150)
    state.apply(training(epoch: 1, step: 16), at: 160)
    #expect(state.secondsLeft == 540.0)
    // Late is not negative.
    state.apply(training(epoch: 11, step: 63), at: 300)
    #expect(state.secondsLeft == 0.0)
  }

  @Test("colours change nothing but colours")
  func colors() {
    var state = ScanProgress()
    state.apply(.phase(.training), at: 0)
    state.apply(training(), at: 4)
    let plain = state.line(width: 90, style: .plain)
    let colored = state.line(
      width: 90, style: TerminalStyle(width: 90, isInteractive: true, hasColor: true))
    #expect(colored.contains("\u{1B}["))
    #expect(colored.replacing(#/\u{1B}\[[0-9]*m/#, with: "") == plain)
  }

  private func collected(
    isInteractive: Bool, isQuiet: Bool = false, _ body: (ProgressPrinter) -> Void
  ) -> String {
    let sink = TextSink()
    let style = TerminalStyle(width: 60, isInteractive: isInteractive)
    body(ProgressPrinter(isQuiet: isQuiet, style: { style }, write: { sink.append($0) }))
    return sink.text
  }

  @Test("a log gets phases, epochs and notices at once, and steps every ten seconds or rarer")
  func log() {
    let text = collected(isInteractive: false) { printer in
      printer.show(.phase(.training), at: 0)
      for step in 0..<64 { printer.show(training(epoch: 0, step: step), at: Double(step)) }
      printer.show(.notice("batch size \u{1B}[2J adapted"), at: 64)
      printer.show(.epoch(record(epoch: 0), safeCount: 1129), at: 65)
      printer.finish()
    }
    let lines = text.split(separator: "\n").map(String.init)
    #expect(!text.contains("\u{1B}") && !text.contains("\r"))
    #expect(lines.first == "training")
    #expect(lines.filter { $0.hasPrefix("mixed training: epoch 1/12") }.count == 3)
    #expect(lines.contains("note: batch size \\e[2J adapted"))
    #expect(
      lines.last
        == "epoch 1/12 mixed training: loss 3.100, alignment 0.812, safe set 1,129, 12 s")
  }

  @Test("on a terminal the line is drawn over, at most ten times a second, and cleared at the end")
  func bar() {
    let text = collected(isInteractive: true) { printer in
      printer.show(.phase(.training), at: 0)
      for step in 0..<1000 { printer.show(training(epoch: 0, step: step), at: Double(step) / 1000) }
      printer.finish()
    }
    #expect(!text.contains("\n"))
    #expect(text.split(separator: "\r").count <= 12)
    #expect(text.hasSuffix("\r\u{1B}[K"))
  }

  @Test("the first stop is announced once, above the line")
  func stopping() {
    let text = collected(isInteractive: true) { printer in
      printer.show(training(), at: 1)
      printer.showStopping()
      printer.showStopping()
    }
    #expect(text.split(separator: "\n").count == 2)
    #expect(text.contains("\r\u{1B}[KStopping at the next step. "))
    #expect(text.contains("\rstopping  "))
  }

  @Test("a long note is wrapped between words on a terminal, and one line in a log")
  func longNotes() {
    let note = String(repeating: "several words ", count: 12) + "end"
    let terminal = collected(isInteractive: true, isQuiet: true) { $0.show(.notice(note), at: 1) }
    let lines = terminal.split(separator: "\n")
    #expect(lines.count > 2)
    #expect(lines.allSatisfy { $0.count < 60 })
    #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("  ") })
    let log = collected(isInteractive: false) { $0.show(.notice(note), at: 1) }
    #expect(log == "note: \(note)\n")
  }

  @Test("quiet keeps notices only")
  func quiet() {
    let text = collected(isInteractive: false, isQuiet: true) { printer in
      printer.show(.phase(.reading), at: 0)
      printer.show(training(), at: 100)
      printer.show(.epoch(record(epoch: 0), safeCount: nil), at: 200)
      printer.show(.notice("three pairs were rejected"), at: 201)
    }
    #expect(text == "note: three pairs were rejected\n")
  }
}

/// What a printer wrote.
private final class TextSink: Sendable {
  private let stored = Mutex("")
  var text: String { stored.withLock(\.self) }
  func append(_ part: String) { stored.withLock { $0 += part } }
}
