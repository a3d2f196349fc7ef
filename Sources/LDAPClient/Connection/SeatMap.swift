internal import Glibc

/// Who is on an ``EventLoop``, what they wait for, and the first deadline of all; used on the loop's thread only.
struct SeatMap {
    private struct Seat {
        let id: UInt64
        weak var member: (any EventLoop.Member)?
        var deadline: ContinuousClock.Instant?
    }

    private var seats: [Seat] = []
    /// One for each seat and one more, the first, for the loop's own wake-up.
    private var descriptors = [pollfd()]
    private var places: [UInt64: Int] = [:]
    /// No deadline is earlier than this.
    ///
    /// It stays when the operation that had it is over: the next one has a later deadline anyway, and need not tell.
    private(set) var firstDeadline: ContinuousClock.Instant?

    /// A deadline has come up.
    mutating func expect(_ deadline: ContinuousClock.Instant) {
        firstDeadline = min(firstDeadline ?? deadline, deadline)
    }

    /// Waits until something is ready; without an instant only looks.
    mutating func poll(_ wakeUp: Int32, until: ContinuousClock.Instant?) -> (count: Int, isAwakened: Bool) {
        descriptors[0] = pollfd(fd: wakeUp, events: Int16(POLLIN), revents: 0)
        let timeout = until.map { PollTimeout.milliseconds(until: $0) } ?? 0
        let count = unsafe Glibc.poll(&descriptors, nfds_t(descriptors.count), timeout)
        let isAwakened = count > 0 && descriptors[0].revents != 0
        return (max(0, Int(count)) - (isAwakened ? 1 : 0), isAwakened)
    }

    /// Calls those whose socket is ready, `count` at most, and everybody when the first deadline has passed.
    mutating func visitReady(_ count: Int) {
        var (count, place) = (count, 0)
        while count > 0, place < seats.count {
            let events = descriptors[place + 1].revents
            descriptors[place + 1].revents = 0
            if events != 0 { count -= 1 }
            // The one that takes the place of one that leaves has not been looked at yet.
            if events == 0 || visit(place, isReadable: events & ~Int16(POLLOUT) != 0) { place += 1 }
        }
        guard let deadline = firstDeadline, ContinuousClock.now >= deadline else { return }
        visitAll()
    }

    /// Calls somebody, who is seated first if need be.
    mutating func visit(_ id: UInt64, _ member: any EventLoop.Member) {
        if places[id] == nil {
            places[id] = seats.count
            seats.append(Seat(id: id, member: member, deadline: nil))
            descriptors.append(pollfd(fd: -1, events: 0, revents: 0))
        }
        if let place = places[id] { _ = visit(place, isReadable: false) }
    }

    mutating func remove(_ id: UInt64) {
        guard let place = places.removeValue(forKey: id) else { return }
        seats.swapAt(place, seats.count - 1)
        descriptors.swapAt(place + 1, descriptors.count - 1)
        seats.removeLast()
        descriptors.removeLast()
        if place < seats.count { places[seats[place].id] = place }
    }

    private mutating func visitAll() {
        firstDeadline = nil
        var place = 0
        while place < seats.count {
            if visit(place, isReadable: false) { place += 1 }
        }
    }

    /// Returns false if the seat has become free.
    private mutating func visit(_ place: Int, isReadable: Bool) -> Bool {
        guard let interest = seats[place].member?.tick(isReadable: isReadable) else {
            remove(seats[place].id)
            return false
        }
        descriptors[place + 1].fd = interest.descriptor
        descriptors[place + 1].events = interest.wantsWrite ? Int16(POLLIN | POLLOUT) : Int16(POLLIN)
        if let deadline = interest.deadline { expect(deadline) }
        return true
    }
}
