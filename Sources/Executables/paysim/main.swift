import Runtime
import Simulator

Program.run(SimulatorProgram.description)
