import Metering
import Runtime

Program.run(Meter.description)
