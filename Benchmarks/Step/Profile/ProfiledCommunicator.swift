import NeuralKit

/// A communicator whose calls, and the waiting in them, are counted.
struct ProfiledCommunicator: Communicator {
  private let base: any Communicator
  private let probe: StepProbe

  init(_ base: any Communicator, _ probe: StepProbe) {
    self.base = base
    self.probe = probe
  }

  var rank: Int { base.rank }
  var count: Int { base.count }

  func barrier() { probe.measure(.exchange) { base.barrier() } }

  func sum(_ tensor: Tensor) { probe.measure(.exchange) { base.sum(tensor) } }

  func gather(_ tensor: Tensor) -> Tensor { probe.measure(.exchange) { base.gather(tensor) } }
}
