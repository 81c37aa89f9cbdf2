import CKernels

/// A communicator between threads of one process, over shared memory.
///
/// Each replica's thread owns its communicator; it must not be used from another one.
package final class ThreadCommunicator: Communicator, @unchecked Sendable {
  // Sendable because `parity` is touched by the replica's own thread only, and `team` orders what the
  // replicas share by its barrier.
  package let rank: Int
  package var count: Int { team.count }
  private let team: Team
  private var parity = 0

  private init(rank: Int, team: Team) {
    self.rank = rank
    self.team = team
  }

  /// Communicators for `count` threads. Set `spins` to 0 where there are more threads than cores.
  static func team(of count: Int, spins: Int) -> [ThreadCommunicator] {
    let team = Team(count: count, spins: spins)
    return (0..<count).map { ThreadCommunicator(rank: $0, team: team) }
  }

  package func barrier() { team.barrier.wait() }

  package func sum(_ tensor: Tensor) {
    if tensor.count <= Team.mailboxCapacity {
      sumThroughMailboxes(tensor)
    } else {
      sumInPlace(tensor)
    }
  }

  package func gather(_ tensor: Tensor) -> Tensor {
    team.published[rank] = tensor
    barrier()
    let parts = (0..<count).compactMap { team.published[$0] }
    for part in parts {
      precondition(
        part.shape.dropFirst() == tensor.shape.dropFirst(),
        "gather: replica \(rank) has shape \(tensor.shape), another \(part.shape)")
    }
    let rows = parts.reduce(0) { $0 + ($1.shape.first ?? 1) }
    let gathered = Tensor(uninitialized: [rows] + tensor.shape.dropFirst())
    var target = gathered.pointer
    for part in parts {
      target.update(from: part.pointer, count: part.count)
      target += part.count
    }
    // Nobody may write to its tensor, or give it back, before all have read it.
    barrier()
    team.published[rank] = nil
    return gathered
  }

  /// For small tensors, with one barrier: everyone leaves a copy in its mailbox and adds up all of
  /// them. The next sum uses the other set of mailboxes, so nobody overwrites what is being read.
  private func sumThroughMailboxes(_ tensor: Tensor) {
    let boxes = team.mailboxes(parity)
    team.counts[parity * count + rank] = tensor.count
    boxes[rank].update(from: tensor.pointer, count: tensor.count)
    barrier()
    requireEqualCounts(tensor)
    parity = 1 - parity
    boxes.withMemoryRebound(to: UnsafePointer<Float>.self, capacity: count) { boxes in
      team.kernels.pointee.sumInto(tensor.pointer, boxes, count, tensor.count)
    }
  }

  /// For large tensors: each replica adds up its shard of all tensors and writes the sum into all.
  private func sumInPlace(_ tensor: Tensor) {
    team.counts[parity * count + rank] = tensor.count
    team.buffers[rank] = tensor.pointer
    barrier()
    requireEqualCounts(tensor)
    parity = 1 - parity
    let shard = shard(of: tensor.count)
    team.kernels.pointee.sumBuffers(team.buffers, count, shard.lowerBound, shard.upperBound)
    barrier()
  }

  private func requireEqualCounts(_ tensor: Tensor) {
    for other in 0..<count {
      let theirs = team.counts[parity * count + other]
      precondition(
        theirs == tensor.count,
        "sum: replica \(rank) has \(tensor.shape), replica \(other) \(theirs) elements")
    }
  }
}

/// What the communicators of one group share. Each replica writes only at its own rank's place, and
/// reads others' after a barrier.
private final class Team: @unchecked Sendable {
  /// Floats. Below this, a second barrier costs more than adding up everything on each replica.
  static let mailboxCapacity = 8192

  let count: Int
  let barrier: ReplicaBarrier
  let kernels = CPUBackend().kernels
  let buffers: UnsafeMutablePointer<UnsafeMutablePointer<Float>>
  /// Element counts of the running sum, two sets.
  let counts: UnsafeMutablePointer<Int>
  let published: UnsafeMutablePointer<Tensor?>
  private let mailboxStorage: TensorStorage
  private let mailboxPointers: UnsafeMutablePointer<UnsafeMutablePointer<Float>>

  init(count: Int, spins: Int) {
    self.count = count
    barrier = ReplicaBarrier(count: count, spins: spins)
    let storage = TensorStorage(count: 2 * count * Self.mailboxCapacity)
    mailboxStorage = storage
    mailboxPointers = .allocate(capacity: 2 * count)
    buffers = .allocate(capacity: count)
    buffers.initialize(repeating: storage.pointer, count: count)
    for index in 0..<2 * count {
      (mailboxPointers + index).initialize(to: storage.pointer + index * Self.mailboxCapacity)
    }
    counts = .allocate(capacity: 2 * count)
    counts.initialize(repeating: 0, count: 2 * count)
    published = .allocate(capacity: count)
    published.initialize(repeating: nil, count: count)
  }

  deinit {
    published.deinitialize(count: count)
    published.deallocate()
    counts.deallocate()
    buffers.deallocate()
    mailboxPointers.deallocate()
  }

  /// One of the two sets of mailboxes.
  func mailboxes(_ parity: Int) -> UnsafeMutablePointer<UnsafeMutablePointer<Float>> {
    mailboxPointers + parity * count
  }
}
