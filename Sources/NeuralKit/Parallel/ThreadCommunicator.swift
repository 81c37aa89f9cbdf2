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

  /// Communicators for `count` threads.
  ///
  /// Set `spins` to 0 where there are more threads than cores.
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
    let isSmall = tensor.count <= Team.mailboxCapacity
    let offset = parity * count
    team.shapes[offset + rank] = tensor.shape
    if isSmall {
      // A copy is what the others read, so that the original may be written to again at once.
      let box = team.mailboxes(parity)[rank]
      box.update(from: tensor.pointer, count: tensor.count)
      team.buffers[offset + rank] = box
    } else {
      team.buffers[offset + rank] = tensor.pointer
    }
    barrier()
    parity = 1 - parity
    let gathered = collect(tensor, offset)
    let areAllSmall = (0..<count).allSatisfy {
      team.shapes[offset + $0].reduce(1, *) <= Team.mailboxCapacity
    }
    if !areAllSmall { barrier() }
    return gathered
  }

  /// All replicas' rows, from the buffers of one set.
  private func collect(_ tensor: Tensor, _ offset: Int) -> Tensor {
    var rows = 0
    for other in 0..<count {
      let shape = team.shapes[offset + other]
      precondition(
        shape.dropFirst() == tensor.shape.dropFirst(),
        "gather: replica \(rank) has shape \(tensor.shape), replica \(other) \(shape)")
      rows += shape.first ?? 1
    }
    let gathered = Tensor(uninitialized: [rows] + tensor.shape.dropFirst())
    var target = gathered.pointer
    for other in 0..<count {
      let size = team.shapes[offset + other].reduce(1, *)
      target.update(from: team.buffers[offset + other], count: size)
      target += size
    }
    return gathered
  }

  /// For small tensors, with one barrier: everyone leaves a copy in its mailbox and adds up all of
  /// them.
  ///
  /// The next sum uses the other set of mailboxes, so nobody overwrites what is being read.
  private func sumThroughMailboxes(_ tensor: Tensor) {
    let offset = parity * count
    let boxes = team.mailboxes(parity)
    team.shapes[offset + rank] = tensor.shape
    boxes[rank].update(from: tensor.pointer, count: tensor.count)
    barrier()
    parity = 1 - parity
    requireEqualCounts(tensor, offset)
    boxes.withMemoryRebound(to: UnsafePointer<Float>.self, capacity: count) { boxes in
      team.kernels.pointee.sumInto(tensor.pointer, boxes, count, tensor.count)
    }
  }

  /// For large tensors: each replica adds up its shard of all tensors and writes the sum into all.
  private func sumInPlace(_ tensor: Tensor) {
    let offset = parity * count
    team.shapes[offset + rank] = tensor.shape
    team.buffers[offset + rank] = tensor.pointer
    barrier()
    parity = 1 - parity
    requireEqualCounts(tensor, offset)
    let shard = shard(of: tensor.count)
    team.kernels.pointee.sumBuffers(
      team.buffers + offset, count, shard.lowerBound, shard.upperBound)
    // Nobody may use its tensor before all shards are in it.
    barrier()
  }

  private func requireEqualCounts(_ tensor: Tensor, _ offset: Int) {
    for other in 0..<count {
      let shape = team.shapes[offset + other]
      precondition(
        shape.reduce(1, *) == tensor.count,
        "sum: replica \(rank) has shape \(tensor.shape), replica \(other) \(shape)")
    }
  }
}

/// What the communicators of one group share.
///
/// Each replica writes only at its own rank's place, and reads others' behind a barrier. There are two
/// sets of everything, used in turn: an operation's second barrier can then be left out, because
/// nobody comes back to a set before all have passed the barrier of the operation between.
private final class Team: @unchecked Sendable {
  /// The floats of the largest tensor for which a second barrier costs more than adding up all of it on
  /// each replica.
  static let mailboxCapacity = 8192

  let count: Int
  let barrier: ReplicaBarrier
  let kernels = CPUBackend().kernels
  /// What the others may read or write.
  let buffers: UnsafeMutablePointer<UnsafeMutablePointer<Float>>
  let shapes: UnsafeMutablePointer<[Int]>
  private let mailboxStorage: TensorStorage
  private let mailboxPointers: UnsafeMutablePointer<UnsafeMutablePointer<Float>>

  init(count: Int, spins: Int) {
    self.count = count
    barrier = ReplicaBarrier(count: count, spins: spins)
    let storage = TensorStorage(count: 2 * count * Self.mailboxCapacity)
    mailboxStorage = storage
    mailboxPointers = .allocate(capacity: 2 * count)
    for index in 0..<2 * count {
      (mailboxPointers + index).initialize(to: storage.pointer + index * Self.mailboxCapacity)
    }
    buffers = .allocate(capacity: 2 * count)
    buffers.initialize(repeating: storage.pointer, count: 2 * count)
    shapes = .allocate(capacity: 2 * count)
    shapes.initialize(repeating: [], count: 2 * count)
  }

  deinit {
    shapes.deinitialize(count: 2 * count)
    shapes.deallocate()
    buffers.deallocate()
    mailboxPointers.deallocate()
  }

  /// One of the two sets of mailboxes.
  func mailboxes(_ parity: Int) -> UnsafeMutablePointer<UnsafeMutablePointer<Float>> {
    mailboxPointers + parity * count
  }
}
