/** The maker: the process that opens a stranger's file to make a PDF of it, and may be killed at any moment. */
import { writePdf } from "../../pdf/writePdf.ts";
import { serve } from "./serve.ts";

await serve(writePdf);
