import AuditFiles
import Foundation
import Synchronization

/// An append-only file of small records with unique keys, shared by threads and processes.
///
/// Format, all numbers little-endian:
///
///     0      8 bytes   magic
///     8      4 bytes   version of this format
///     12     48 bytes  title: what the records belong to, UTF-8, padded with zeros
///     60     4 bytes   CRC-32 of bytes 0..<60
///     64     8 bytes   durable count: records before it were synchronised to the disk
///     72     4 bytes   CRC-32 of bytes 64..<72
///     65536  64 bytes  record 0: key (32 bytes, a SHA-256), value (28 bytes), CRC-32 of bytes 0..<60
///     65600  64 bytes  record 1 ...
///
/// A record whose checksum is wrong does not exist; its place is not used again. Records are appended
/// under a file lock. Bytes behind the last whole record are what a killed process left and are
/// written over. What a key stands for must be complete before its record is written: then a process
/// may be killed at any moment. A power failure may lose or tear what was not yet synchronised, so
/// records behind the durable count are verified when the file is opened, and those that fail are
/// zeroed.
final class RecordFile: Sendable {
  /// What a key stands for: three numbers.
  typealias Value = (UInt32, UInt32, UInt32)

  /// A record is looked at when the file is opened: its index, its value, and whether it was on the
  /// disk for certain.
  ///
  /// False removes it.
  typealias Verification = (Int, Value, _ isDurable: Bool) throws(CacheError) -> Bool

  let file: CacheFile
  private let values: CacheFile?
  private let state = Mutex(State())

  struct State {
    /// Records seen, missing ones included.
    var count = 0
    /// Open addressing over the records: 1 + index, 0 where free.
    ///
    /// Keys are compared in the file.
    var slots = [UInt32](repeating: 0, count: 1024)
    var liveCount = 0
    /// Records appended here since the last synchronisation.
    var unsynchronized = 0
  }

  /// Bounds what must be verified after a kill.
  private static let synchronizationInterval = 8192

  /// Opens or creates the file.
  ///
  /// `title` is what the records belong to: a file with another one is refused. `values` is the file
  /// that `prepare` of ``append(_:prepare:)`` writes to, and is synchronised first.
  init(
    path: String, title: String, values: CacheFile? = nil, verify: Verification
  ) throws(CacheError) {
    file = try CacheFile(path: path, chunkBytes: RecordFile.chunkBytes)
    self.values = values
    try file.withLock { () throws(CacheError) in
      if try hasHeader() { try checkHeader(title) } else { try writeHeader(title) }
      try state.withLock { (state) throws(CacheError) in
        try load(&state, durable: durableCount(), verify)
      }
    }
  }

  /// The number of keys.
  var liveCount: Int { state.withLock { $0.liveCount } }

  /// Indices below this may have a record.
  var recordsSeen: Int { state.withLock { $0.count } }

  /// The index and value of a key, among the records that this object has seen.
  func find(_ key: ContentDigest) throws(CacheError) -> (index: Int, value: Value)? {
    try state.withLock { (state) throws(CacheError) in try find(key, in: state) }
  }

  /// The record at `index`; nil where there is none.
  func record(at index: Int) throws(CacheError) -> (key: ContentDigest, value: Value)? {
    try state.withLock { (state) throws(CacheError) in
      guard index >= 0, index < state.count else { return nil }
      return try readRecord(index)
    }
  }

  /// Appends a record; `prepare` gets its index, writes what it stands for and returns its value.
  ///
  /// Where some process has appended the key already, nothing is written.
  func append(
    _ key: ContentDigest, prepare: (Int) throws(CacheError) -> Value
  ) throws(CacheError) -> (index: Int, isNew: Bool) {
    let result = try state.withLock {
      (state) throws(CacheError) -> (index: Int, isNew: Bool) in
      try file.withLock { () throws(CacheError) -> (index: Int, isNew: Bool) in
        try refresh(&state)
        if let known = try find(key, in: state) { return (known.index, false) }
        let index = state.count
        try writeRecord(index, key, prepare(index))
        try refresh(&state)
        state.unsynchronized += 1
        return (index, true)
      }
    }
    let isDue = state.withLock { $0.unsynchronized >= RecordFile.synchronizationInterval }
    if isDue { try synchronize() }
    return result
  }

  /// Waits until all records and what they stand for are on the disk.
  func synchronize() throws(CacheError) {
    let count = state.withLock { state in
      state.unsynchronized = 0
      return state.count
    }
    try values?.synchronize()
    try file.synchronize()
    try file.withLock { () throws(CacheError) in try raiseDurableCount(to: count) }
    try file.synchronize()
  }
}

// MARK: - The table in memory

extension RecordFile {
  /// Takes in records that other processes have appended.
  private func refresh(_ state: inout State) throws(CacheError) {
    let end = try recordCount()
    while state.count < end {
      if let key = try readRecord(state.count)?.key { try insert(key, state.count, into: &state) }
      state.count += 1
    }
  }

  private func load(
    _ state: inout State, durable: Int, _ verify: Verification
  ) throws(CacheError) {
    for index in 0..<(try recordCount()) {
      guard let record = try readRecord(index) else { continue }
      if try verify(index, record.value, index < durable) { continue }
      try eraseRecord(index)
    }
    try refresh(&state)
  }

  private func find(
    _ key: ContentDigest, in state: State
  ) throws(CacheError) -> (index: Int, value: Value)? {
    let mask = state.slots.count - 1
    var slot = Int(truncatingIfNeeded: key.words.0) & mask
    while state.slots[slot] != 0 {
      let index = Int(state.slots[slot]) - 1
      if let record = try readRecord(index), record.key == key { return (index, record.value) }
      slot = (slot + 1) & mask
    }
    return nil
  }

  private func insert(
    _ key: ContentDigest, _ index: Int, into state: inout State
  ) throws(CacheError) {
    if try find(key, in: state) != nil { return }
    state.liveCount += 1
    RecordFile.place(key, index, in: &state.slots)
    guard state.liveCount * 2 > state.slots.count else { return }
    var larger = [UInt32](repeating: 0, count: state.slots.count * 2)
    for slot in state.slots where slot != 0 {
      if let moved = try readRecord(Int(slot) - 1)?.key {
        RecordFile.place(moved, Int(slot) - 1, in: &larger)
      }
    }
    state.slots = larger
  }

  private static func place(_ key: ContentDigest, _ index: Int, in slots: inout [UInt32]) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: key.words.0) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = UInt32(index + 1)
  }
}
