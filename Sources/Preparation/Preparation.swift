internal import DSXCore
