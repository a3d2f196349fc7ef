/// The other end of a worker's socket spoke something else than this version of the protocol.
package struct PAMWorkerProtocolError: Error, Hashable, Sendable {}
