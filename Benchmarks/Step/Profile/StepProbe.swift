import Synchronization

/// Adds up where one replica's time goes.
package final class StepProbe: Sendable {
  /// What operations of one kind took.
  package struct Entry: Sendable {
    package var seconds = 0.0
    package var operations = 0.0
    package var calls = 0

    package static func += (left: inout Entry, right: Entry) {
      left.seconds += right.seconds
      left.operations += right.operations
      left.calls += right.calls
    }
  }

  /// Sums over all steps watched.
  package struct Sums: Sendable {
    package fileprivate(set) var stages: [StepStage: Double] = [:]
    package fileprivate(set) var kinds: [StepStage: [OperationKind: Entry]] = [:]

    /// Operations counted in a stage.
    package func operations(in stage: StepStage) -> Double {
      kinds[stage, default: [:]].values.reduce(0) { $0 + $1.operations }
    }
  }

  private struct State {
    var sums = Sums()
    var stage: (StepStage, since: ContinuousClock.Instant)?
  }

  private let state = Mutex(State())

  package init() {}

  /// The stage that begins now; the one before ends.
  func enter(_ stage: StepStage) { move(to: stage) }

  /// The end of the step.
  func leave() { move(to: nil) }

  private func move(to stage: StepStage?) {
    let now = ContinuousClock.now
    state.withLock { state in
      if let (last, since) = state.stage {
        state.sums.stages[last, default: 0] += (now - since).inSeconds
      }
      state.stage = stage.map { ($0, now) }
    }
  }

  /// Runs `body` and counts its time, and `operations` where given, in the current stage.
  func measure<Result>(
    _ kind: OperationKind, operations: Double = 0, _ body: () -> Result
  ) -> Result {
    let start = ContinuousClock.now
    let result = body()
    let seconds = (ContinuousClock.now - start).inSeconds
    state.withLock { state in
      guard let (stage, _) = state.stage else { return }
      state.sums.kinds[stage, default: [:]][kind, default: Entry()] +=
        Entry(seconds: seconds, operations: operations, calls: 1)
    }
    return result
  }

  /// What was counted so far.
  package var sums: Sums { state.withLock(\.sums) }
}
