import Glibc
import Operator

exit(OperatorProgram.run())
