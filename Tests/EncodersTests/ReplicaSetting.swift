import NeuralKit
import Synchronization
import Testing

/// Which backend computes, on how many replicas.
struct ReplicaSetting: Sendable, CustomTestStringConvertible {
  let backend: any Backend
  let replicas: Int

  var testDescription: String { "\(type(of: backend)) on \(replicas)" }

  static let all: [ReplicaSetting] = [1, 2, 3].flatMap {
    [
      ReplicaSetting(backend: ReferenceBackend(), replicas: $0),
      ReplicaSetting(backend: CPUBackend(), replicas: $0),
    ]
  }

  /// The same backend on no more replicas than there are items: each must have one.
  func limited(to items: Int) -> ReplicaSetting {
    ReplicaSetting(backend: backend, replicas: min(replicas, items))
  }

  /// What `body` returns on each replica, in rank order.
  func run<Result: Sendable>(
    _ body: @escaping @Sendable (any Communicator) -> Result
  ) -> [Result] {
    let results = Results<Result>()
    ReplicaGroup(count: replicas).run { communicator in
      let result = body(communicator)
      results.values.withLock { $0[communicator.rank] = result }
    }
    return results.values.withLock { values in values.sorted { $0.key < $1.key }.map(\.value) }
  }

  /// The items of one replica; the parts differ by one at most.
  static func share(of count: Int, _ communicator: any Communicator) -> Range<Int> {
    count * communicator.rank / communicator.count..<count * (communicator.rank + 1)
      / communicator.count
  }
}

private final class Results<Value: Sendable>: Sendable {
  let values = Mutex<[Int: Value]>([:])
}
