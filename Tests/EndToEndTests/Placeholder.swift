internal import DSXCore
import Testing
