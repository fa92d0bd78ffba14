import Billing
import Runtime

Program.run(BillingProgram.description)
