# What TestTerraform applies, changes and destroys. Each resource depends on the one
# before it, so that Terraform goes through them in one order only.

terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

provider "aws" {}

variable "zips" {
  description = "The folder with hello.zip, word-count.zip, and layer-1.zip and layer-2.zip."
  type        = string
}

variable "changed" {
  description = "Whether everything that can be changed is."
  type        = bool
}

locals {
  role  = "arn:aws:iam::000000000000:role/test"
  code  = var.changed ? "word-count.zip" : "hello.zip"
  layer = var.changed ? "layer-2.zip" : "layer-1.zip"
}

resource "aws_lambda_layer_version" "words" {
  layer_name               = "words"
  filename                 = "${var.zips}/${local.layer}"
  source_code_hash         = filebase64sha256("${var.zips}/${local.layer}")
  description              = "What is said"
  license_info             = "Apache-2.0"
  compatible_runtimes      = ["provided.al2023"]
  compatible_architectures = ["x86_64"]
}

# From a zip file, with versions; what is not said is left to AWS.
resource "aws_lambda_function" "greeter" {
  function_name                  = "greeter"
  role                           = local.role
  runtime                        = "provided.al2023"
  handler                        = "bootstrap"
  filename                       = "${var.zips}/${local.code}"
  source_code_hash               = filebase64sha256("${var.zips}/${local.code}")
  publish                        = true
  timeout                        = var.changed ? 30 : 10
  memory_size                    = 256
  layers                         = [aws_lambda_layer_version.words.arn]
  reserved_concurrent_executions = var.changed ? -1 : 10
  tags                           = var.changed ? { team = "blue", stage = "test" } : { team = "red", owner = "ada" }

  environment {
    variables = { GREETING = var.changed ? "Good evening" : "Hello" }
  }
}

# From a bucket, with no versions; nearly everything is said.
resource "aws_lambda_function" "counter" {
  function_name                  = "counter"
  description                    = var.changed ? "Counts words" : "Greets"
  role                           = local.role
  runtime                        = "provided.al2023"
  handler                        = "bootstrap"
  architectures                  = ["arm64"]
  s3_bucket                      = "code"
  s3_key                         = local.code
  reserved_concurrent_executions = var.changed ? 0 : -1

  ephemeral_storage {
    size = var.changed ? 2048 : 1024
  }
  logging_config {
    log_format            = "JSON"
    log_group             = "counters"
    application_log_level = var.changed ? "WARN" : "DEBUG"
  }
  tracing_config {
    mode = var.changed ? "PassThrough" : "Active"
  }

  depends_on = [aws_lambda_function.greeter]
}

resource "aws_lambda_alias" "live" {
  name             = "live"
  description      = var.changed ? "Shifts" : "Stands"
  function_name    = aws_lambda_function.greeter.function_name
  function_version = "1"

  dynamic "routing_config" {
    for_each = var.changed ? [aws_lambda_function.greeter.version] : []
    content { additional_version_weights = { (routing_config.value) = 0.1 } }
  }

  depends_on = [aws_lambda_function.counter]
}

resource "aws_lambda_permission" "uploads" {
  statement_id   = "uploads"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.greeter.function_name
  qualifier      = aws_lambda_alias.live.name
  principal      = "s3.amazonaws.com"
  source_arn     = "arn:aws:s3:::uploads"
  source_account = var.changed ? "000000000000" : null
}

resource "aws_lambda_permission" "partner" {
  statement_id  = "partner"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.greeter.arn
  principal     = "arn:aws:iam::123456789012:root"

  depends_on = [aws_lambda_permission.uploads]
}

resource "aws_lambda_provisioned_concurrency_config" "live" {
  function_name                     = aws_lambda_function.greeter.function_name
  qualifier                         = aws_lambda_alias.live.function_version # an alias of two versions cannot have any
  provisioned_concurrent_executions = var.changed ? 2 : 1

  depends_on = [aws_lambda_permission.partner]
}

resource "aws_lambda_function_url" "live" {
  function_name      = aws_lambda_function.greeter.function_name
  qualifier          = aws_lambda_alias.live.name
  authorization_type = var.changed ? "AWS_IAM" : "NONE"

  cors {
    allow_methods = ["GET"]
    allow_origins = ["https://example.com"]
    max_age       = 60
  }

  depends_on = [aws_lambda_provisioned_concurrency_config.live]
}

resource "aws_lambda_function_event_invoke_config" "greeter" {
  function_name                = aws_lambda_function.greeter.function_name
  maximum_event_age_in_seconds = 60
  maximum_retry_attempts       = var.changed ? 0 : 1

  depends_on = [aws_lambda_function_url.live]
}

resource "aws_lambda_event_source_mapping" "queue" {
  function_name    = aws_lambda_function.greeter.arn
  event_source_arn = "arn:aws:sqs:us-east-1:000000000000:queue"
  batch_size       = var.changed ? 5 : 10

  depends_on = [aws_lambda_function_event_invoke_config.greeter]
}
