import Foundation

/// Work on several threads whose results are taken in order.
package enum OrderedWork {
  /// Runs `work` on every item, on `threadCount` threads of its own, and hands item and result to
  /// `deliver` on the calling thread, in the order of the items.
  ///
  /// At most `window` items are under way, so one slow item holds up the others late, and memory
  /// stays bounded.
  package static func run<Items: Sequence, Value: Sendable>(
    _ items: Items, threadCount: Int, window: Int = 256,
    work: @escaping @Sendable (Items.Element) -> Value,
    deliver: (Items.Element, Value) throws -> Void
  ) throws where Items.Element: Sendable {
    let line = WorkLine<Items.Element, Value>()
    for index in 0..<threadCount {
      let thread = Thread { line.serve(work) }
      thread.name = "decode \(index)"
      // libjpeg and libpng need little, but the default of 512 KiB is not much above it.
      thread.stackSize = 1 << 21
      thread.start()
    }
    // Threads end on their own once the line is closed; nothing waits for an item that nobody wants.
    defer { line.close() }
    var iterator = items.makeIterator()
    var waiting = ArraySlice<Items.Element>()
    var isExhausted = false
    while true {
      while !isExhausted, waiting.count < window {
        guard let item = iterator.next() else {
          isExhausted = true
          break
        }
        waiting.append(item)
        line.add(item)
      }
      guard let item = waiting.popFirst() else { return }
      try deliver(item, line.takeNext())
    }
  }
}

/// Items that wait for a thread, and results that wait for their turn.
private final class WorkLine<Item: Sendable, Value: Sendable>: @unchecked Sendable {
  // Sendable because every access to the variables holds the condition's lock.
  private let condition = NSCondition()
  private var items: [Int: Item] = [:]
  private var results: [Int: Value] = [:]
  private var added = 0
  private var started = 0
  private var taken = 0
  private var isClosed = false

  func add(_ item: Item) {
    condition.lock()
    items[added] = item
    added += 1
    condition.broadcast()
    condition.unlock()
  }

  func close() {
    condition.lock()
    isClosed = true
    items = [:]
    condition.broadcast()
    condition.unlock()
  }

  /// The result of the next item in order.
  func takeNext() -> Value {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if let result = results.removeValue(forKey: taken) {
        taken += 1
        return result
      }
      condition.wait()
    }
  }

  /// Works on items until the line is closed.
  func serve(_ work: (Item) -> Value) {
    while let (index, item) = start() {
      let result = work(item)
      condition.lock()
      results[index] = result
      if index == taken { condition.broadcast() }
      condition.unlock()
    }
  }

  private func start() -> (Int, Item)? {
    condition.lock()
    defer { condition.unlock() }
    while !isClosed {
      if let item = items.removeValue(forKey: started) {
        started += 1
        return (started - 1, item)
      }
      condition.wait()
    }
    return nil
  }
}
