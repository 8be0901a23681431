module github.com/lambent-dev/lambent

go 1.26.0
