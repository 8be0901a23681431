package policy

import "testing"

func TestConditions(t *testing.T) {
	keys := Map{
		"aws:sourcearn": {"arn:aws:s3:::photos/2026"}, "aws:sourceaccount": {ours}, "aws:principalorgid": {"o-1"},
		"aws:sourceip": {"203.0.113.9"}, "aws:securetransport": {"true"}, "aws:currenttime": {"2026-03-01T12:00:00Z"},
		"aws:epochtime": {"1772366400"}, "s3:max-keys": {"10"}, "aws:tagkeys": {"team", "cost"}, "test:none": {}, "test:b": {"aGk="},
		"lambda:functionurlauthtype": {"NONE"}, "test:junk": {"junk"}, "test:six": {"::ffff:203.0.113.9"},
	}
	for _, c := range []struct {
		condition string
		want      bool
	}{
		{`{"StringEquals":{"AWS:SourceAccount":"111111111111"}}`, true},
		{`{"StringEquals":{"aws:SourceAccount":["2","111111111111"]}}`, true},
		{`{"StringEquals":{"aws:SourceAccount":"1*"}}`, false},
		{`{"StringEquals":{"aws:PrincipalOrgID":"O-1"}}`, false},
		{`{"StringEqualsIgnoreCase":{"aws:PrincipalOrgID":"O-1"}}`, true},
		{`{"StringNotEqualsIgnoreCase":{"aws:PrincipalOrgID":"O-1"}}`, false},
		{`{"StringEquals":{"lambda:FunctionUrlAuthType":"NONE"}}`, true},
		{`{"StringNotEquals":{"aws:PrincipalOrgID":["o-1","o-2"]}}`, false},
		{`{"StringNotEquals":{"aws:PrincipalOrgID":["o-3","o-2"]}}`, true},
		{`{"StringEquals":{"test:absent":"x"}}`, false},
		{`{"StringNotEquals":{"test:absent":"x"}}`, true},
		{`{"StringEqualsIfExists":{"test:absent":"x"}}`, true},
		{`{"StringEqualsIfExists":{"aws:SourceAccount":"x"}}`, false},
		{`{"StringLike":{"aws:SourceArn":"*photo?/*"}}`, true},
		{`{"StringNotLike":{"aws:SourceArn":"*photo?/*"}}`, false},
		{`{"StringEquals":{"aws:SourceAccount":"${aws:sourceaccount}"}}`, true},
		{`{"StringEquals":{"aws:SourceAccount":"${test:absent}"}}`, false},
		{`{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::photos*"}}`, true},
		{`{"ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:photos/*"}}`, true},
		{`{"ArnLike":{"aws:SourceArn":"*"}}`, true},
		{`{"ArnEquals":{"aws:SourceArn":"arn:aws:s3:::pho*"}}`, true},
		{`{"ArnLike":{"aws:SourceArn":"arn:*:::::"}}`, false}, // no part takes what another should
		{`{"ArnNotLike":{"aws:SourceArn":"arn:aws:sqs:::*"}}`, true},
		{`{"ArnLike":{"aws:SourceAccount":"arn:aws:s3:::*"}}`, false},
		{`{"ArnLike":{"aws:SourceArn":"arn:aws:s3:::${test:absent, 'photos/2026'}"}}`, true},
		{`{"ArnEquals":{"aws:SourceArn":"${aws:SourceArn}"}}`, true},
		{`{"ArnEquals":{"aws:SourceArn":"${test:absent}"}}`, false},
		{`{"Bool":{"aws:SecureTransport":"true"}}`, true},
		{`{"Bool":{"aws:SecureTransport":true}}`, true},
		{`{"Bool":{"aws:SecureTransport":"false"}}`, false},
		{`{"Bool":{"test:absent":"false"}}`, false},
		{`{"Null":{"test:absent":"true"}}`, true},
		{`{"Null":{"test:none":"true"}}`, true},
		{`{"Null":{"aws:SourceArn":"true"}}`, false},
		{`{"Null":{"aws:SourceArn":false}}`, true},
		{`{"NumericLessThan":{"s3:max-keys":"11"}}`, true},
		{`{"NumericLessThanEquals":{"s3:max-keys":10}}`, true},
		{`{"NumericGreaterThan":{"s3:max-keys":"10"}}`, false},
		{`{"NumericGreaterThanEquals":{"s3:max-keys":"10.0"}}`, true},
		{`{"NumericEquals":{"s3:max-keys":"1e1"}}`, true},
		{`{"NumericNotEquals":{"s3:max-keys":"10"}}`, false},
		{`{"NumericEquals":{"test:junk":"10"}}`, false},
		{`{"DateGreaterThan":{"aws:CurrentTime":"2026-03-01T11:59Z"}}`, true},
		{`{"DateLessThan":{"aws:CurrentTime":"2026-03-01"}}`, false},
		{`{"DateLessThanEquals":{"aws:CurrentTime":"2026-03-01T13:00:00+01:00"}}`, true},
		{`{"DateGreaterThanEquals":{"aws:EpochTime":"1772366400"}}`, true},
		{`{"DateEquals":{"aws:EpochTime":"2026-03-01T12:00:00.000Z"}}`, true},
		{`{"DateNotEquals":{"aws:EpochTime":"2026-03-01T12:00:00Z"}}`, false},
		{`{"IpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`, true},
		{`{"IpAddress":{"test:six":["198.51.100.1","203.0.113.9"]}}`, true},
		{`{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}`, false},
		{`{"IpAddress":{"aws:SourceIp":"2001:db8::/32"}}`, false},
		{`{"BinaryEquals":{"test:b":"aGk="}}`, true},
		{`{"ForAllValues:StringEquals":{"aws:TagKeys":["team","cost","x"]}}`, true},
		{`{"ForAllValues:StringEquals":{"aws:TagKeys":["team"]}}`, false},
		{`{"ForAllValues:StringEquals":{"test:absent":"x"}}`, true},
		{`{"ForAnyValue:StringEquals":{"aws:TagKeys":["team","y"]}}`, true},
		{`{"ForAnyValue:StringEquals":{"test:absent":"x"}}`, false},
		{`{"ForAnyValue:StringEqualsIfExists":{"test:absent":"x"}}`, true},
		{`{"ForAnyValue:StringNotEquals":{"aws:TagKeys":"team"}}`, true},
		{`{"ForAllValues:StringNotEquals":{"aws:TagKeys":"team"}}`, false},
		{`{"ForAllValues:StringNotLike":{"aws:TagKeys":"x*"}}`, true},
		// All keys and all operators must hold.
		{`{"StringEquals":{"aws:SourceAccount":"111111111111","aws:PrincipalOrgID":"o-2"}}`, false},
		{`{"StringEquals":{"aws:SourceAccount":"111111111111"},"Bool":{"aws:SecureTransport":"false"}}`, false},
		{`{"StringEquals":{"aws:SourceAccount":"111111111111"},"Bool":{"aws:SecureTransport":"true"}}`, true},
		{`{}`, true},
	} {
		d := parse(t, `{"Effect":"Deny","Action":"*","Resource":"*","Condition":`+c.condition+`}`, Identity)
		got := Evaluate(&Request{Action: "s3:GetObject", Resource: "*", Keys: keys}, d)
		if (got == Denies) != c.want {
			t.Errorf("%s: %t, want %t", c.condition, got == Denies, c.want)
		}
	}
	if d := parse(t, `{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}}`, Identity); Evaluate(&Request{Action: "s3:GetObject", Resource: "*"}, d) != Silent {
		t.Error("a condition holds of a request of which nothing is known")
	}
}
