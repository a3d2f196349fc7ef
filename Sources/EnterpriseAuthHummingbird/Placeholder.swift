internal import Hummingbird
internal import HTTPTypes
