import Testing

@testable import EnterpriseAuthHummingbird
